from . import fba_account
from . import delivery_carrier
from . import stock_warehouse
from . import sale_order
from . import sale_order_line
from . import sale_order_line_sourcing
from . import sale_order_line_changes
from . import stock_move
