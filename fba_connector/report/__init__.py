from . import fba_stock
