"""Every cell of the table of taxes, booked: marketplace, kind of buyer, how prices are told."""

from itertools import product

from odoo.fields import Command
from odoo.tests import tagged

from .. import amazon
from .common import FbaCase
from .sold import accounts_of, sales_tax, sold_order, stage, vat_number

COUNTRIES = ("US", "CA", "MX", "UK", "DE", "FR", "IT", "ES", "NL", "PL", "JP", "AU")
UNION = ("DE", "FR", "IT", "ES", "NL", "PL")
ADDED = ("US", "CA")
BUYERS = ("consumer", "business", "deemed supplier", "export", "intra-community")
# (price, tax or None, total)
PRICES = {"with": ("120", "20", "120"), "without": ("100", "20", "120"), "unknown": ("120", None, "120")}


@tagged("post_install", "-at_install")
class TestImportTax(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = accounts_of(cls, COUNTRIES)
        for account in cls.accounts.values():
            account.buyer_data = "region"
        for code in COUNTRIES:
            tax = sales_tax(cls.env, f"20 {code}", 20, included=code not in ADDED)
            cls.new_product(f"TAXED-{code}").taxes_id = [Command.set(tax.ids)]
            cls.new_product(f"FREE-{code}").taxes_id = False

    def order(self, kind, country, buyer, prices):
        price, tax, total = PRICES[prices]
        item = {"sku": f"{kind}-{country}", "ITEM": price, **({"TAX": tax} if tax else {})}
        code = {"UK": "GB"}.get(country, country)
        facts = {"recipient": {"deliveryAddress": {"countryCode": code, "postalCode": "10000"}}}
        if buyer == "deemed supplier":
            item |= {"scheme": "UOSS"} if country in UNION or country == "UK" else {"remitted": True}
        if buyer == "business":
            facts |= {"programs": ["AMAZON_BUSINESS"], "tax": vat_number(f"{code}123456789")}
        if buyer == "export":
            facts["recipient"] = {"deliveryAddress": {"countryCode": "CH", "postalCode": "8001"}}
        if buyer == "intra-community":
            there = "FR" if country == "DE" else "DE"
            facts["recipient"] = {"deliveryAddress": {"countryCode": there, "postalCode": "10000"}}
            facts["tax"] = vat_number(f"{there}123456789")
        order_id = "-".join((kind, country, buyer, prices))
        return sold_order(item, market=country, total=total, order_id=order_id, **facts)

    def booked(self, kind, country):
        """{(buyer, prices): inbox row} of all cells of a country."""
        cells = [(b, p) for b, p in product(BUYERS, PRICES) if b != "intra-community" or country in UNION]
        rows = stage(self.accounts[country], *(self.order(kind, country, *cell) for cell in cells))
        rows._process()
        by_id = {row.amazon_order_id: row for row in rows}
        return {cell: by_id["-".join((kind, country, *cell))] for cell in cells}

    def assert_cell(self, row, cell, kind, country):
        buyer, prices = cell
        what = (country, *cell, kind)
        self.assertEqual(row.state, "done", (what, row.error_message))
        sale, tax_product = row.sale_id, row.account_id._charge_product("TAX")
        lines = sale.order_line.filtered(lambda line: line.product_id == tax_product)
        remitted = lines.filtered(lambda line: "remitted" in line.name)
        goods = sum((sale.order_line - lines).mapped("price_subtotal"))
        tax = {"with": 20, "without": 20}.get(prices, 0)
        self.assertEqual(sale.amount_untaxed + sale.amount_tax, 120, what)
        self.assertEqual(goods + sum(lines.mapped("price_total")) + sale.amount_tax, 120, what)
        if buyer == "deemed supplier":
            apart = prices == "with" and country in ADDED  # the total is what the seller receives, without the tax
            self.assertEqual((sale.amount_tax, lines - remitted), (0, lines.browse()), what)
            self.assertEqual(sum(remitted.mapped("price_total")), 0 if apart else tax, what)
            return
        self.assertFalse(remitted, what)
        rule = self.rule(row)
        if rule == "named":
            self.assertEqual((goods, sale.amount_tax + sum(lines.mapped("price_total"))), (100, 20), what)
            self.assertEqual(bool(lines), kind == "FREE", what)
        elif rule == "in_price" and kind == "TAXED":
            self.assertEqual((goods, sale.amount_tax), (100, 20), what)
        else:
            self.assertEqual((goods, sale.amount_tax, lines), (120, 0, lines.browse()), what)

    def rule(self, row):
        order, market = amazon.parse_order(row.payload), row.marketplace_id
        has_tax = any(kind == "TAX" for item in order.items for kind, _amount in item.breakdown)
        facts = {"country": market.code, "prices_hold_tax": market.tax_included}
        return amazon.tax_owner.who_owes(order, order.items[0], has_tax=has_tax, **facts).code

    def test_every_cell_adds_up_and_nothing_that_amazon_remits_is_the_companys(self):
        for kind, country in product(("TAXED", "FREE"), COUNTRIES):
            for cell, row in self.booked(kind, country).items():
                with self.subTest(country=country, cell=cell, kind=kind):
                    self.assert_cell(row, cell, kind, country)
