"""Orders that wait for their marketplace."""

from odoo import api, models


class FbaMarketplace(models.Model):
    _inherit = "fba.marketplace"

    @api.model_create_multi
    def create(self, vals_list):
        marketplaces = super().create(vals_list)
        self.env["fba.account"]._wake_soon("marketplace")
        return marketplaces

    def write(self, vals):
        result = super().write(vals)
        if "marketplace_id" in vals:
            self.env["fba.account"]._wake_soon("marketplace")
        return result
