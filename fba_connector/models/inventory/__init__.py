"""Synchronization of stock with Amazon's counts.

fba_account      reading the counts
fba_sku          mirroring them
balance          comparing them with Odoo's stock
stock_warehouse  booking transfers and adjustments
"""

from . import fba_account
from . import fba_sku
from . import stock_warehouse
