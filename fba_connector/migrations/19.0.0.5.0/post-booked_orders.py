"""Orders that an older version has imported are booked: not imported again, whatever becomes of their sales orders."""

from odoo import SUPERUSER_ID, api

BOOKED = """
    UPDATE fba_amazon_order row
       SET booked_at = COALESCE(sale.create_date, row.state_since, row.write_date),
           booked_name = COALESCE(sale.name, row.amazon_order_id),
           booked_total = COALESCE(sale.amount_total, row.amount_total)
      FROM fba_amazon_order it
 LEFT JOIN sale_order sale ON sale.id = it.sale_id AND sale.amazon_order_id = it.amazon_order_id
     WHERE it.id = row.id AND row.booked_at IS NULL AND (sale.id IS NOT NULL OR it.imported IS NOT NULL)
"""
DELIVERIES = """
    UPDATE stock_picking picking
       SET fba_amazon_order_id = row.id
      FROM fba_amazon_order row, stock_picking_type kind
     WHERE picking.sale_id = row.sale_id AND row.booked_at IS NOT NULL AND picking.state = 'done'
       AND kind.id = picking.picking_type_id AND kind.code = 'outgoing' AND picking.fba_amazon_order_id IS NULL
"""


def migrate(cr, version):
    cr.execute(BOOKED)
    cr.execute(DELIVERIES)
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["fba.amazon.order"].search(
        [("booked_at", "!=", False), ("sale_id", "=", False), ("state", "=", "done")]
    )._note_gone()
