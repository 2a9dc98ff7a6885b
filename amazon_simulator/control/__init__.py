"""The control interface for tests: everything that a seller cannot do. Built on `api` and `world`.

In reading order:

    controlled_world  the served world, with faults, habits and the journal
    armed             what waits for the next calls of an operation
    faults            armed failures
    habits            armed habits
    bend              the parts of a habit, and the answers it sees
    bends_order       habits of one MCF order: shipments, quantities, tracking numbers, address
    bends_lists       habits of lists: rows and pages
    bends_time        habits of time: what shows late, times of changes
    bends_report      habits of reports: columns that say nothing
    bends_words       habits of spelling, keys and types
    model_keys        keys of Amazon's models: enumerations, optional ones
    refusals          habits that refuse calls
    journal           the calls received
    input             reading of a control call, with readable complaints
    simulation        reset, clock, settings, sellers, faults, habits, journal
    orders            MCF orders: ship, give up, cancel, track
    shipped           MCF orders that left: returns, and other contents
    sale_input        what a call says of a sale
    sales             orders placed on Amazon
    sales_bulk        many of them at once
    stock             units in Amazon's warehouses
    delivery          messages that come twice, never, or in another order
    notifications     queues, and messages to them
    overview          everything the page shows
    calls             all control calls by URL
"""
