from . import fba_stock
from . import fba_stock_story
