from . import fba_account
from . import stock_warehouse
