"""Older deliveries that belong to no fulfillment order, such as exchanges, get one; a person sends them."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    moves = env["stock.move"].search(
        [
            ("state", "in", ("confirmed", "waiting", "partially_available", "assigned")),
            ("picking_type_id.warehouse_id.is_afn", "=", True),
            ("sale_line_id", "!=", False),
            ("fba_line_id", "=", False),
        ]
    )
    moves._fba_of_amazon().picking_id._fba_join_fulfillment_orders()
