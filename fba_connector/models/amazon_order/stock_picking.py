"""Deliveries of orders sold on Amazon."""

from odoo import api, models



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
