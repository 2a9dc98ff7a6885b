"""Open deliveries from AFN warehouses are in the unit of the product, in whole pieces: Amazon ships nothing else.

With `stock.propagate_uom` they were in the unit of the order, and a shipment of 5 pieces left 6.96 of a dozen open.
"""

from odoo import SUPERUSER_ID, api
from odoo.addons.fba_connector.models.shared.guard import BY_CODE

IN_OTHER_UNITS = """
    SELECT move.id
      FROM stock_move move
      JOIN stock_picking_type kind ON kind.id = move.picking_type_id AND kind.code = 'outgoing'
      JOIN stock_warehouse warehouse ON warehouse.id = kind.warehouse_id AND warehouse.is_afn
      JOIN product_product product ON product.id = move.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id AND template.uom_id != move.product_uom
     WHERE move.state NOT IN ('done', 'cancel')
     ORDER BY move.id
"""


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"fba_booking": BY_CODE})
    cr.execute(IN_OTHER_UNITS)
    for move in env["stock.move"].browse([move_id for (move_id,) in cr.fetchall()]):
        reserved, units = move.quantity > 0, round(move.product_qty)
        move._do_unreserve()
        move.write({"product_uom_qty": units, "product_uom": move.product_id.uom_id.id})
        if reserved:
            move._action_assign()
