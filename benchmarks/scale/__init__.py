"""A day of many orders and workers, simulated on a clock that does not wait: what a size needs. `make scale`.

Neither Odoo nor a database is needed. What a step costs was measured (docs/performance.md); what Amazon allows, the
gateway says. In reading order:

    settings    how many accounts, orders, workers, and who starts the work
    costs       milliseconds and bytes of an order, with their sources
    plans       Amazon's usage plans: the gateway's rates, buckets that fill
    clock       time that jumps to what comes next
    orders      when the orders of a day are placed, change and ship
    pool        the workers, and the work that waits for them
    seller      one account: what its tasks do at Amazon and in Odoo
    day         all accounts, workers and orders of a day
    figures     what is counted, and the figures of a day
    text        the figures as a table
"""
