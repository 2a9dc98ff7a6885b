"""Products as Amazon ships them: whole units of a seller SKU only."""

from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _fba_pack_reason(self, units, offers):
        """Why no `offers` ([Offer]) of this product make `units` of it, for the clerk."""
        if all(offer.size == 1 for offer in offers):
            return self._fba_fraction_reason(units)
        return self.env._(
            "Amazon cannot fulfill %(quantity)g %(unit)s of %(product)s: it ships packs unopened, and has %(skus)s.",
            quantity=units,
            unit=self.uom_id.name,
            product=self.display_name,
            skus=", ".join(self.env._("%(sku)s of %(units)g", sku=it.seller_sku, units=it.size) for it in offers),
        )
