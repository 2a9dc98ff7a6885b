"""The add-on's models, in rooms; a room calls those before it, never one after it.

shared        parts that every room uses
account       seller accounts and the runner of all scheduled work
warehouse     AFN warehouses, seller SKUs, products
sourcing      sources of a sale order line
fulfillment   fulfillment orders, from the delivery to Amazon's shipments
amazon_order  orders sold on Amazon
inventory     stock that follows Amazon's counts
privacy       forgetting people
overview      first run, dashboard, health
"""

from . import shared
from . import account
from . import warehouse
from . import sourcing
from . import fulfillment
from . import amazon_order
from . import inventory
from . import privacy
from . import overview
