"""Operation types of AFN warehouses: their deliveries stay theirs, and are reserved at confirmation."""

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

    @api.constrains("warehouse_id", "code")
    def _check_afn_keeps_its_deliveries(self):
        """Otherwise open deliveries would no longer be Amazon's to ship."""
        warehouses = self.env["stock.warehouse"].sudo().search([("is_afn", "=", True), ("out_type_id", "in", self.ids)])
        for warehouse in warehouses:
            if warehouse.out_type_id.warehouse_id != warehouse or warehouse.out_type_id.code != "outgoing":
                raise ValidationError(
                    self.env._("AFN warehouse %s must keep its operation type for deliveries.", warehouse.name)
                )
