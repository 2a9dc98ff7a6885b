"""Products as items of the scheduled synchronization."""

from odoo import models


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "fba.work.item"]
