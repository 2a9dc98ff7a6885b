"""Settings of a seller account for automatic sourcing."""

from odoo import fields, models


class FbaAccount(models.Model):
    _inherit = "fba.account"

    auto_source = fields.Selection(
        [
            ("never", "Never: by hand only"),
            ("when_short", "When the own warehouse is short"),
            ("always", "Always"),
        ],
        "Source from Amazon",
        default="never",
        required=True,
        help="Which lines of other channels' orders are sourced from Amazon by themselves, when they are confirmed and "
        "when stock arrives.",
    )
    auto_split = fields.Boolean(
        "Split Lines", help="Where Amazon has fewer units than a line needs, it sources those it has."
    )
