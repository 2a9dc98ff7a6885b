"""Synchronization of stock with Amazon's counts.

stock_warehouse_counts  reading Amazon's counts, and asking for what its lists leave out
fba_sku                 mirroring them
holdings                what they say of products
inbox                   units sold on Amazon that are not booked yet
fba_discrepancy         differences that wait for a later count
balance                 comparing the counts with Odoo's stock
stock_warehouse         booking transfers and adjustments
stock_warehouse_sold    units in *Held* that imported sales leave from
fba_sku_mapping         booking the units of a SKU that a person maps
fba_account             the scheduled run
product                 products as items of it
"""

from . import fba_discrepancy
from . import stock_warehouse_counts
from . import fba_sku
from . import stock_warehouse
from . import stock_warehouse_sold
from . import fba_sku_mapping
from . import fba_account
from . import product
