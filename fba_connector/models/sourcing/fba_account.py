"""Settings of a seller account for automatic sourcing."""

from odoo import fields, models

from ..shared.caches import forget_cached

AUTOMATION = {"active", "is_live", "auto_source"}  # see _fba_automated_ids


class FbaAccount(models.Model):
    _inherit = "fba.account"

    auto_source = fields.Selection(
        [
            ("never", "Never: by hand only"),
            ("when_short", "When your own warehouse is short"),
            ("always", "Always"),
        ],
        "Source from Amazon",
        default="never",
        required=True,
        help="Automatic sourcing of other channels' orders from Amazon, at confirmation and when stock arrives.",
    )
    auto_split = fields.Boolean(
        "Split Lines", help="If Amazon has fewer units than a line needs, it sources the available ones."
    )

    def write(self, vals):
        result = super().write(vals)
        if AUTOMATION & vals.keys():
            forget_cached(self.env)
        return result
