"""Seller SKUs with Amazon's counts: what each has, less what own orders take."""

from odoo import fields

from .test_resolution import ResolutionCase


class CountedCase(ResolutionCase):
    """Rows of `counted` are as after a synchronization; those of other SKUs are not counted."""

    def setUp(self):
        super().setUp()
        self.account.first_sync_confirmed = True

    def counted(self, sku, product, units, **values):
        """A SKU with `units` at Amazon, counted an hour ago."""
        self.control("PUT", f"stock/{sku}", fulfillable=units)
        an_hour_ago = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        row = self.row(sku, product, fulfillable_quantity=units, observed_at=an_hour_ago, **values)
        row._confirm()
        return row

    def cups(self, quantity):
        """A product of which Odoo has `quantity` at Amazon."""
        cup = self.product("CUP")
        self.stock(self.afn, cup, quantity)
        return cup

    def contents(self, orders):
        """[(SKU, units)] of each of these fulfillment orders; they are what their moves make."""
        self.env.invalidate_all()
        for line in orders.line_ids:
            self.assertEqual(line._units_of(line._open_moves()), line.quantity, line.seller_sku)
        return [[(line.seller_sku, line.quantity) for line in order.line_ids.sorted("id")] for order in orders]

    def requested(self):
        """[(SKU, units)] of each order that Amazon was asked to create."""
        return [
            [(it["sellerSku"], it["quantity"]) for it in call["body"]["items"]]
            for call in self.journal("createFulfillmentOrder")
        ]
