"""Synchronization of stock with Amazon's counts.

stock_warehouse_counts  reading Amazon's counts, and asking for what its lists leave out
sentences               sentences that warehouses store
fba_sku                 mirroring them
holdings                what they say of products
inbox                   units sold on Amazon that are not booked yet
fba_discrepancy         differences that wait for a later count
balance                 comparing the counts with Odoo's stock
stock_warehouse         booking transfers and adjustments
stock_warehouse_sold    units that imported sales leave from
fba_sku_mapping         booking the units of a SKU that a person maps
fba_sku_confirm         confirming many SKUs from the list
fba_account             the scheduled run
fba_account_sync_now    the same, started by a clerk
product                 products as items of it
first_sync_states       the first synchronization: its states
first_sync_sentences    its stored sentences
fba_first_sync          its record and dialog
fba_first_sync_line     a product of it
fba_first_sync_run      its job
fba_account_first_sync  its request
"""

from . import fba_discrepancy
from . import stock_warehouse_counts
from . import fba_sku
from . import stock_warehouse
from . import stock_warehouse_sold
from . import fba_sku_mapping
from . import fba_sku_confirm
from . import fba_account
from . import fba_account_sync_now
from . import product
from . import fba_first_sync
from . import fba_first_sync_line
from . import fba_first_sync_run
from . import fba_account_first_sync
