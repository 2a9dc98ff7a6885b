"""Products of an account for charges beside the goods of an order sold on Amazon."""

from typing import NamedTuple

from odoo import api, fields, models


class Charge(NamedTuple):
    field: str  # of the account
    product: str  # that comes with this module
    label: str
    help: str | None = None


_TAX = Charge(
    "tax_product_id",
    "product_amazon_tax",
    "Amazon Tax",
    "For tax that Amazon remits, and for Amazon's tax where Odoo has no tax.",
)
OTHER = Charge("charge_product_id", "product_amazon_charge", "Other Charges", "Also for rounding differences.")
# By kind: Amazon's kinds, except for the taxes.
CHARGES = {
    "SHIPPING": Charge("shipping_product_id", "product_amazon_shipping", "Shipping"),
    "GIFT_WRAP": Charge("gift_wrap_product_id", "product_amazon_gift_wrap", "Gift Wrap"),
    "DISCOUNT": Charge("discount_product_id", "product_amazon_discount", "Discounts"),
    "TAX": _TAX,
    "REMITTED": _TAX,
}


def _field(charge):
    return fields.Many2one(
        "product.product",
        charge.label,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_charge_product(charge),
        help=charge.help,
    )


class FbaAccount(models.Model):
    _inherit = "fba.account"

    shipping_product_id = _field(CHARGES["SHIPPING"])
    gift_wrap_product_id = _field(CHARGES["GIFT_WRAP"])
    discount_product_id = _field(CHARGES["DISCOUNT"])
    tax_product_id = _field(CHARGES["TAX"])
    charge_product_id = _field(OTHER)

    @api.model
    def _default_charge_product(self, charge):
        return self.env.ref(f"fba_connector.{charge.product}", False) or self.env["product.product"]

    def _charge_product(self, kind):
        """The product for a charge of `kind`: the account's, or the one that comes with this module."""
        charge = CHARGES.get(kind, OTHER)
        return self[charge.field] or self._default_charge_product(charge)
