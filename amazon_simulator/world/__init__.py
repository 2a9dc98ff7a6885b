"""Amazon itself: sellers, stock, orders, and the one clock that moves them. No HTTP, and nothing of the other rooms.

In reading order:

    clock           the simulated time; ISO 8601
    changes         what changed at a seller, for who listens
    marketplaces    country, domain and currency of each marketplace
    stock           units of a SKU in Amazon's warehouses, and claims on them
    shipments       lines, shipments, packages and return items of an MCF order
    fulfillment     an MCF order: its statuses, and each step it can take
    life            the steps the clock takes with an MCF order
    corrections     shipments that Amazon reports differently after they left
    returns         units that customers send back
    sale_money      the amounts of a line sold on Amazon
    sales           an order placed on Amazon: its statuses, and the stock it takes
    sale_life       the steps the clock takes with such an order
    echo            MCF orders as the Orders API lists them
    sellers         a seller: credentials, stock, orders
    world           all of it, the ids, and the advance of time
    state           a world saved to a file and loaded again
"""
