"""Goods of a shipment: what was sent, whatever bills of materials they have by now; pictures for the customer."""

from odoo import models

from ..shared.guard import is_by_code


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _compute_is_kits(self):
        """Of Manufacturing: it would take goods apart that became kits after they were sent."""
        if is_by_code(self, "fba_booking"):
            self.is_kits = False
            return None
        return super()._compute_is_kits()

    def _fba_forget_kits(self):
        """Whether these are kits depends on the context, which Odoo does not know."""
        if "is_kits" in self._fields:
            self.invalidate_recordset(["is_kits"])

    def _fba_image_links(self):
        """{product: link to its picture of 128 pixels, open to whoever has the link}; no entry without a picture."""
        variants = _pictures(self, "image_variant_128")
        templates = _pictures(self.product_tmpl_id, "image_128")
        pictures = {it: variants.get(it.id) or templates.get(it.product_tmpl_id.id) for it in self}
        return {
            product: f"/web/image/{picture.id}?access_token={picture.generate_access_token()[0]}"
            for product, picture in pictures.items()
            if picture
        }


def _pictures(records, field):
    """{record's ID: attachment} of a stored image."""
    domain = [("res_model", "=", records._name), ("res_id", "in", records.ids), ("res_field", "=", field)]
    return {it.res_id: it for it in records.env["ir.attachment"].sudo().search(domain)}
