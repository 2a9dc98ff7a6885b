"""AFN warehouses, their seller SKUs and products.

fba_account                 AFN warehouses of an account
stock_warehouse             the AFN warehouse and its locations
stock_location              its locations
stock_picking_type          deliveries reserved at confirmation
stock_warehouse_orderpoint  no reordering rules
resolution                  what a seller SKU is
sentences                   sentences that seller SKUs store
fba_sku                     seller SKUs and their products
fba_sku_part                confirmed parts, by which stock is booked
fba_sku_resolution          the resolver
allocation                  which SKUs fulfill units of a product
product                     quantities at Amazon; products excluded from it
booking_dates               dates of moves about to be done
stock_picking               dates of deliveries
stock_move                  units and dates of a move
"""

from . import fba_account
from . import stock_warehouse
from . import stock_location
from . import stock_picking_type
from . import stock_warehouse_orderpoint
from . import fba_sku
from . import fba_sku_part
from . import fba_sku_resolution
from . import product
from . import stock_picking
from . import stock_move
