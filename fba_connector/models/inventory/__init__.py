from . import fba_account
from . import fba_sku
from . import stock_warehouse
