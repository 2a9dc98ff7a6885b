"""Seller SKUs of the version before are what they are now where stock was booked by them or orders were sent.

Where the first synchronization was not confirmed, its dialog confirms the others. Each warehouse begins with a full
list.
"""

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists

CURSORS = """
    UPDATE stock_warehouse warehouse
       SET fba_inventory_cursor = account.inventory_cursor
      FROM fba_account account
     WHERE account.id = warehouse.fba_account_id AND warehouse.is_afn
"""


def migrate(cr, version):
    if column_exists(cr, "fba_account", "inventory_cursor"):
        cr.execute(CURSORS)
    env = api.Environment(cr, SUPERUSER_ID, {})
    rows = env["fba.sku"].search([("product_id", "!=", False), ("is_confirmed", "=", False)])
    sent = env["fba.fulfillment.order.line"]._read_group(
        [("order_id.at_amazon", "=", True), ("seller_sku", "!=", False)], ["order_id"], ["seller_sku:array_agg"]
    )
    known = {(order.warehouse_id, sku) for order, skus in sent for sku in skus}
    rows.filtered(
        lambda row: row.warehouse_id.fba_account_id.first_sync_confirmed or (row.warehouse_id, row.seller_sku) in known
    )._confirm()
