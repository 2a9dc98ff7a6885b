"""AFN warehouses, their seller SKUs and products.

fba_account                 AFN warehouses of an account
stock_warehouse             the AFN warehouse and its locations
stock_picking_type          deliveries reserved at confirmation
stock_warehouse_orderpoint  no reordering rules
fba_sku                     seller SKUs and their products
product                     quantities at Amazon; products excluded from it
stock_move                  units of a move
"""

from . import fba_account
from . import stock_warehouse
from . import stock_picking_type
from . import stock_warehouse_orderpoint
from . import fba_sku
from . import product
from . import stock_move
