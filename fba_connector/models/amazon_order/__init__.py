"""Orders sold on Amazon, from the inbox to the delivered sale order.

states                     states and transitions of the inbox
sentences                  stored sentences
fba_account                import settings and run
fba_account_sweep          the daily search for missing orders
fba_account_charges        products for shipping, discounts, taxes
fba_account_import_now     the run, started by a clerk
fba_amazon_order           the inbox
fba_amazon_order_by_hand   its buttons
fba_amazon_order_import    deciding the outcome of each order
sold_terms                 taxes, currencies, products of a batch
sold_sources               the locations that sold goods leave from
fba_amazon_order_sale      the sale order and its total
fba_amazon_order_delivery  its delivery, done immediately
awaited                    the things that an order may wait for
fba_amazon_order_wait      waiting for them, and waking
fba_amazon_order_stock     waiting for units that Odoo lacks
fba_amazon_order_change    changes after the import
fba_amazon_order_ledger    what was booked, and is not booked again
fba_amazon_order_invoice   invoices, made once
fba_shipped_item           carriers and tracking numbers
fba_account_tracking       the report with these numbers
backfill_states            an import of earlier orders: its states
backfill_sentences         its stored sentences
fba_backfill               its record and dialog
fba_backfill_run           its job
fba_reported_item          rows of Amazon's reports, until each order is whole
fba_amazon_order_backfill  earlier orders in the inbox
fba_account_backfill       its request
fba_account_source         Amazon's list, and reports where it is too slow
sale_order                 the sale order's link to the inbox
sale_order_invoice         dates and locks of invoices
sale_order_line            moves of its lines
fba_marketplace            waking orders: marketplaces
res_currency               waking orders: currencies and their rates
stock_warehouse            sold goods that Amazon had reserved; waking orders
stock_picking              deliveries of sold goods
stock_move                 moves that need no reservation
stock_move_line            other orders' reservations
res_partner                buyers as contacts
base_partner_merge         merged contacts
"""

from . import fba_account
from . import fba_account_sweep
from . import fba_account_charges
from . import fba_amazon_order
from . import fba_account_import_now
from . import fba_amazon_order_by_hand
from . import fba_amazon_order_wait
from . import fba_amazon_order_import
from . import fba_amazon_order_sale
from . import fba_amazon_order_delivery
from . import fba_amazon_order_stock
from . import fba_amazon_order_change
from . import fba_amazon_order_ledger
from . import fba_amazon_order_invoice
from . import fba_shipped_item
from . import fba_account_tracking
from . import fba_backfill
from . import fba_backfill_run
from . import fba_reported_item
from . import fba_amazon_order_backfill
from . import fba_account_backfill
from . import fba_account_source
from . import sale_order
from . import sale_order_invoice
from . import sale_order_line
from . import fba_marketplace
from . import res_currency
from . import stock_warehouse
from . import stock_picking
from . import stock_move
from . import stock_move_line
from . import res_partner
from . import base_partner_merge
