"""Deliveries of orders sold on Amazon."""

from odoo import api, models

from ..shared.guard import BY_CODE


class StockPicking(models.Model):
    _inherit = "stock.picking"

    @api.depends(
        "sale_id.fba_amazon_order_ids.shipped_item_ids.tracking_number",
        "sale_id.fba_amazon_order_ids.shipped_item_ids.carrier_code",
    )
    def _compute_carrier_tracking_url(self):
        return super()._compute_carrier_tracking_url()

    def _fba_shipped_by_amazon(self):
        return super()._fba_shipped_by_amazon() | self.filtered(lambda it: it.sudo().sale_id.amazon_order_id)

    def _fba_parcels(self):
        return super()._fba_parcels() or self.sale_id.fba_shipped_item_ids

    def _fba_has_left(self):
        """Whether it is a done delivery from an AFN warehouse."""
        return (
            self.state == "done" and self.picking_type_code == "outgoing" and self.picking_type_id.warehouse_id.is_afn
        )

    def _fba_deliver_sold(self, shipped_at, sources):
        """Book deliveries of an order sold and shipped by Amazon, whatever stock Odoo has.

        `sources`: {move: [(location, units in the product's unit)]}
        """
        for picking in self.with_context(fba_selling=BY_CODE):
            parts = {}
            if any(it.location_id != location for it in picking.move_ids for location, _units in sources[it]):
                picking.do_unreserve()
                for move in picking.move_ids:
                    parts |= move._fba_divide_sold(sources[move])
                if len(set(parts.values())) == 1:
                    picking.location_id = next(iter(parts.values()))
            for move in picking.move_ids:
                if move in parts:
                    move.location_id = parts[move]
                move.write({"quantity": move.product_uom_qty, "picked": True})
            picking.with_context(fba_booking=BY_CODE, cancel_backorder=True)._action_done()
            picking.date_done = shipped_at
