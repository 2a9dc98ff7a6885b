"""Operation types of AFN warehouses: their deliveries are reserved at confirmation."""

from odoo import api, models
from odoo.exceptions import ValidationError


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    @api.constrains("reservation_method")
    def _check_afn_reserves_at_confirmation(self):
        """Otherwise units promised to one order would look free to the next."""
        for kind in self:
            if kind.warehouse_id.is_afn and kind.code == "outgoing" and kind.reservation_method != "at_confirm":
                raise ValidationError(
                    self.env._(
                        "AFN warehouse %s must reserve its deliveries at confirmation. Keep that reservation method.",
                        kind.warehouse_id.name,
                    )
                )
