"""Odoo's *Return* of an AFN delivery: goods come back to the company's own warehouse, not to Amazon's."""

from odoo import models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    def _prepare_picking_default_values_based_on(self, picking):
        values = super()._prepare_picking_default_values_based_on(picking)
        if picking.picking_type_id.warehouse_id.is_afn and picking.picking_type_code == "outgoing":
            own = picking.sale_id.warehouse_id.filtered(lambda warehouse: not warehouse.is_afn)
            own = own or self.env["stock.warehouse"].search(
                [("is_afn", "=", False), ("company_id", "=", picking.company_id.id)], limit=1
            )
            if own:
                values |= {
                    "picking_type_id": own.in_type_id.id,
                    "location_dest_id": own.in_type_id.default_location_dest_id.id,
                }
        return values
