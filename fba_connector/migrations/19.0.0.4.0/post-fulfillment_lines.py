"""What a queued order was agreed to hold is kept by its goods now, no more by its lines."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    orders = env["fba.fulfillment.order"].search(
        [("state", "in", ("queued", "exception")), ("at_amazon", "=", False), ("queued_terms", "!=", False)]
    )
    for order in orders:
        items = ", ".join(f"{line.id}: {line.quantity:g}" for line in order.line_ids.sorted("id"))
        if order.queued_terms == f"{order.shipping_speed} {items}":  # else it has changed since
            order.queued_terms = order._terms()
