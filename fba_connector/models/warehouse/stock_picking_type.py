"""Operation types of AFN warehouses: what is sourced there is reserved at once."""

from odoo import api, models
from odoo.exceptions import ValidationError


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    @api.constrains("reservation_method")
    def _check_afn_reserves_at_confirmation(self):
        """Else units that one order was promised would look free to the next."""
        for kind in self:
            if kind.warehouse_id.is_afn and kind.code == "outgoing" and kind.reservation_method != "at_confirm":
                raise ValidationError(
                    self.env._("Deliveries of AFN warehouse %s are reserved at confirmation.", kind.warehouse_id.name)
                )
