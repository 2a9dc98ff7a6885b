"""Products as Amazon ships them: whole units of a seller SKU only."""

from odoo import models

from ..shared.sentence import words


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _fba_pack_reason(self, units, offers):
        """Why no `offers` ([Offer]) of this product make `units` of it, for the clerk."""
        if all(offer.size == 1 for offer in offers):
            return self._fba_fraction_reason(units)
        return words(
            self.env["sale.order.line"],
            "packs",
            product=self.display_name,
            unit=self.uom_id.name,
            quantity=units,
            packs=[[it.seller_sku, it.size] for it in offers],
        )
