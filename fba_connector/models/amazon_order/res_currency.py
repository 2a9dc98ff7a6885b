"""Orders that wait for their currency, or its rate."""

from odoo import api, models


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("active"):
            self.env["fba.account"]._wake_soon("currency")
        return result


class ResCurrencyRate(models.Model):
    _inherit = "res.currency.rate"

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        self.env["fba.account"]._wake_soon("rate")
        return rates

    def write(self, vals):
        result = super().write(vals)
        self.env["fba.account"]._wake_soon("rate")
        return result
