"""Deliveries of orders sold on Amazon."""

from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _fba_has_left(self):
        """Whether it is a delivery from an AFN warehouse that is done."""
        return (
            self.state == "done" and self.picking_type_code == "outgoing" and self.picking_type_id.warehouse_id.is_afn
        )

    def _fba_deliver_sold(self, shipped_at):
        """Book deliveries of an order sold and shipped by Amazon, whatever stock Odoo thinks there is."""
        for picking in self:
            location = picking.picking_type_id.warehouse_id._fba_sold_location()
            if picking.location_id != location:
                picking.do_unreserve()
                picking.location_id = location
                picking.move_ids.location_id = location
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            picking.with_context(cancel_backorder=True)._action_done()
            picking.date_done = shipped_at
