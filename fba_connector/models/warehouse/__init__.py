from . import fba_account
from . import stock_warehouse
from . import stock_picking_type
from . import stock_warehouse_orderpoint
from . import fba_sku
from . import product
from . import stock_move
