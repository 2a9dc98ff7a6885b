"""Fulfillment orders, from the delivery to Amazon's shipments.

states                         states, transitions, allowed actions
sentences                      stored sentences
remedies                       what a person can do about a refusal
fba_fulfillment_order          the fulfillment order
fba_fulfillment_order_line     its lines and their quantities
sku_units                      units of a SKU, and of the moves behind them
fba_sku                        units of SKUs that own orders take
fba_fulfillment_order_skus     choosing SKUs; lines and moves by them
fba_fulfillment_order_alert    exceptions, failures, activities
fba_fulfillment_order_submit   reasons against sending; the queue
fba_fulfillment_order_request  requests to the administrators
fba_fulfillment_order_fee      previews, fees, the account's limit
fba_preview                    a preview at one shipping speed
fba_fulfillment_order_send     sending exactly once
fba_sighting                   who saw an order at Amazon, and when
fba_fulfillment_order_adopt    adopting an order that Amazon has
fba_fulfillment_order_follow   reading Amazon's view
fba_fulfillment_order_apply    applying it to Odoo
fba_fulfillment_order_book     booking a shipment
booking                        its open part, lots and move lines
lots                           lots and serial numbers from Amazon
fba_shipment                   Amazon's shipments
fba_package                    their packages
fba_shipment_tab               both on the FBA tab
fba_shipment_mail              shipping confirmations
fba_fulfillment_order_doubt    answers that contradict themselves
fba_fulfillment_order_cancel   cancellation, requested from Amazon
fba_fulfillment_order_hold     orders on hold
fba_fulfillment_order_forced   deliveries handled by hand
fba_fulfillment_order_time     holds, promises and delays
patience                       the longest stay in each wait
fba_fulfillment_order_shown    what the manager shows and counts
fba_fulfillment_order_wait     a person gets what waits too long
fba_return_item                returns to Amazon
return_words                   their codes in words
fba_account                    push and pull
sale_order                     status and FBA tab
sale_order_line                fulfillment orders after procurement
sale_order_change              changes after sending
sale_order_cancel              cancelling the sale order
fba_sourcing                   rows of the Sourcing tab
stock_picking                  AFN deliveries
stock_picking_mail             what a confirmation shows of a delivery
stock_move                     moves of a fulfillment order
stock_move_doors               two rules of AFN deliveries, whichever door somebody tries
stock_warehouse                AFN warehouses: what unsent orders give back, and their ties
product                        goods as they were sent
stock_move_line                reservations of unsent orders give way
res_partner                    delivery addresses
"""

from . import fba_fulfillment_order
from . import fba_fulfillment_order_line
from . import sku_units
from . import fba_sku
from . import fba_fulfillment_order_skus
from . import fba_fulfillment_order_alert
from . import fba_fulfillment_order_submit
from . import fba_fulfillment_order_request
from . import fba_fulfillment_order_fee
from . import fba_preview
from . import fba_fulfillment_order_send
from . import fba_sighting
from . import fba_fulfillment_order_adopt
from . import fba_fulfillment_order_follow
from . import fba_fulfillment_order_apply
from . import fba_fulfillment_order_book
from . import fba_shipment
from . import fba_package
from . import fba_shipment_tab
from . import fba_shipment_mail
from . import fba_fulfillment_order_doubt
from . import fba_fulfillment_order_cancel
from . import fba_fulfillment_order_hold
from . import fba_fulfillment_order_forced
from . import fba_fulfillment_order_time
from . import fba_fulfillment_order_shown
from . import fba_fulfillment_order_wait
from . import fba_return_item
from . import fba_account
from . import sale_order
from . import sale_order_line
from . import sale_order_change
from . import sale_order_cancel
from . import fba_sourcing
from . import stock_picking
from . import stock_picking_mail
from . import stock_move
from . import stock_move_doors
from . import stock_warehouse
from . import product
from . import stock_move_line
from . import res_partner
