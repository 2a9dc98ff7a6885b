"""Reordering rules: none for stock at Amazon."""

from odoo import api, models
from odoo.exceptions import ValidationError


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    @api.constrains("warehouse_id")
    def _check_not_afn(self):
        """Goods get there by an inbound shipment that the seller plans with Amazon, not by a rule of Odoo's."""
        for rule in self:
            if rule.warehouse_id.is_afn:
                raise ValidationError(
                    self.env._(
                        "%s cannot have reordering rules. Plan shipments to Amazon to replenish it.",
                        rule.warehouse_id.name,
                    )
                )
