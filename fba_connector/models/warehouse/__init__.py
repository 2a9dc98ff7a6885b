from . import stock_warehouse
from . import fba_sku
from . import product
from . import stock_picking_type
from . import stock_warehouse_orderpoint
