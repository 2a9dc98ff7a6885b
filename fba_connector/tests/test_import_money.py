"""What orders sold on Amazon cost: to the cent, in every currency, with Odoo's taxes, Amazon's, or none."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import FbaCase
from .sold import sold_order, stage, vat_number, with_rates


@tagged("post_install", "-at_install")
class TestImportMoney(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        with_rates(env, "USD", "CAD", "EUR", "GBP", "JPY")
        cls.accounts = {"na": cls.account}
        cls.account.marketplace_ids |= env.ref("fba_connector.marketplace_ca")
        cls.afn.fba_marketplace_ids |= env.ref("fba_connector.marketplace_ca")
        for region, markets in (("eu", ("de", "gb")), ("fe", ("jp",))):
            market_ids = [env.ref(f"fba_connector.marketplace_{code}").id for code in markets]
            cls.accounts[region] = account = env["fba.account"].create(
                cls.account_values(f"Store {region}", region=region, marketplace_ids=[Command.set(market_ids)])
            )
            env["stock.warehouse"].create(
                {
                    "name": f"FBA {region}",
                    "code": f"F{region}",
                    "is_afn": True,
                    "fba_account_id": account.id,
                    "fba_marketplace_id": market_ids[0],
                    "fba_marketplace_ids": [Command.set(market_ids)],
                }
            )
        cls.taxes = {
            name: env["account.tax"].create(
                {
                    "name": name,
                    "amount": rate,
                    "price_include_override": "tax_included" if included else "tax_excluded",
                    "type_tax_use": "sale",
                }
            )
            for name, rate, included in (
                ("19 incl", 19, True),
                ("7 incl", 7, True),
                ("10 incl", 10, True),
                ("19 excl", 19, False),
                ("8.25 excl", 8.25, False),
                ("GST", 5, False),
                ("PST", 7, False),
            )
        }

    def tax(self, product, *names):
        product.taxes_id = [Command.set([self.taxes[name].id for name in names])]

    def imported(self, *items, market="US", **values):
        """The sale order; fails with the row's message where there is none."""
        row = self.processed(*items, market=market, **values)
        self.assertEqual(row.state, "done", row.error_message)
        return row.sale_id

    def processed(self, *items, market="US", **values):
        region = {"US": "na", "CA": "na", "JP": "fe"}.get(market, "eu")
        row = stage(self.accounts[region], sold_order(*items, market=market, **values))
        row._process()
        return row

    def lines(self, sale):
        """[(label of what it is, quantity, unit price, names of its taxes)]"""
        return [
            (
                line.name.removeprefix("Amazon: ")
                if line.product_id.type == "service"
                else line.product_id.default_code,
                line.product_uom_qty,
                line.price_unit,
                ", ".join(line.tax_ids.mapped("name")),
            )
            for line in sale.order_line
        ]

    def assert_amounts(self, sale, total, tax=0.0):
        self.assertRecordValues(sale, [{"amount_total": total, "amount_tax": tax, "delivery_status": "full"}])

    # === UNITED STATES === #

    def test_us_tax_that_amazon_remits_is_a_line_without_odoo_tax(self):
        self.tax(self.product_a, "8.25 excl")
        sale = self.imported(
            {
                "sku": "A",
                "quantity": 2,
                "ITEM": "49.98",
                "SHIPPING": "5.99",
                "DISCOUNT": "-5.99",
                "TAX": "4.12",
                "remitted": True,
            },
            total="54.10",
        )
        self.assert_amounts(sale, 54.10)
        self.assertEqual(
            self.lines(sale),
            [
                ("A", 2, 24.99, ""),
                ("Tax collected and remitted by Amazon", 1, 4.12, ""),
                ("Amazon Shipping", 1, 5.99, ""),
                ("Amazon Discount", 1, -5.99, ""),
            ],
        )
        self.assertEqual(sale.order_line[1].product_id, self.env.ref("fba_connector.product_amazon_tax"))

    def test_us_order_to_a_state_without_tax_has_none(self):
        self.tax(self.product_a, "8.25 excl")
        sale = self.imported({"sku": "A", "ITEM": "20.00"}, total="20.00")
        self.assert_amounts(sale, 20.00)
        self.assertEqual(self.lines(sale), [("A", 1, 20.00, "")])

    def test_us_tax_the_seller_owes_is_odoos(self):
        self.tax(self.product_a, "8.25 excl")
        sale = self.imported({"sku": "A", "quantity": 4, "ITEM": "100.00", "TAX": "8.25"}, total="108.25")
        self.assert_amounts(sale, 108.25, 8.25)
        self.assertEqual(self.lines(sale), [("A", 4, 25.00, "8.25 excl")])

    def test_tax_without_a_tax_in_odoo_is_a_line(self):
        sale = self.imported({"sku": "A", "ITEM": "15.00", "GIFT_WRAP": "3.99", "TAX": "1.57"}, total="20.56")
        self.assert_amounts(sale, 20.56)
        self.assertEqual(
            self.lines(sale), [("A", 1, 15.00, ""), ("Amazon Tax", 1, 1.57, ""), ("Amazon Gift Wrap", 1, 3.99, "")]
        )

    def test_tip_that_only_the_whole_order_tells(self):
        sale = self.imported(
            {"sku": "A", "quantity": 2, "ITEM": "99.98", "TAX": "0.02", "total": "100.00"},
            {"sku": "B", "ITEM": "49.99", "total": "49.99"},
            total="154.99",
            whole={"ITEM": "149.97", "TAX": "0.02", "DELIVERY_TIP": "5.00"},
        )
        self.assert_amounts(sale, 154.99)
        self.assertIn(("Delivery tip", 1, 5.00, ""), self.lines(sale))

    # === EUROPE === #

    def test_de_vat_is_in_the_price(self):
        self.tax(self.product_a, "19 incl")
        sale = self.imported({"sku": "A", "ITEM": "119.00", "TAX": "19.00"}, market="DE", total="119.00")
        self.assert_amounts(sale, 119.00, 19.00)
        self.assertEqual(self.lines(sale), [("A", 1, 119.00, "19 incl")])
        self.assertEqual(sale.currency_id.name, "EUR")

    def test_de_vat_in_the_price_with_a_tax_that_odoo_adds(self):
        self.tax(self.product_a, "19 excl")
        sale = self.imported({"sku": "A", "ITEM": "119.00", "TAX": "19.00"}, market="DE", total="119.00")
        self.assert_amounts(sale, 119.00, 19.00)
        self.assertEqual(self.lines(sale), [("A", 1, 100.00, "19 excl")])

    def test_de_two_rates_each_with_its_shipping(self):
        self.tax(self.product_a, "7 incl")
        self.tax(self.product_b, "19 incl")
        sale = self.imported(
            {
                "sku": "A",
                "ITEM": "10.70",
                "SHIPPING": "2.14",
                "TAX": "0.84",
                "tax": {"ITEM": "0.70", "SHIPPING": "0.14"},
            },
            {
                "sku": "B",
                "ITEM": "23.80",
                "SHIPPING": "4.76",
                "TAX": "4.56",
                "tax": {"ITEM": "3.80", "SHIPPING": "0.76"},
            },
            market="DE",
            total="41.40",
        )
        self.assert_amounts(sale, 41.40, 5.40)
        self.assertEqual(
            self.lines(sale)[2:], [("Amazon Shipping", 1, 2.14, "7 incl"), ("Amazon Shipping", 1, 4.76, "19 incl")]
        )

    def test_de_discount_lowers_the_vat(self):
        self.tax(self.product_a, "19 incl")
        item = {"sku": "A", "ITEM": "119.00", "DISCOUNT": "11.90", "TAX": "17.10"}
        sale = self.imported(item, market="DE", total="107.10")
        self.assert_amounts(sale, 107.10, 17.10)

    def test_de_without_a_word_of_vat_has_it_in_the_price(self):
        self.tax(self.product_a, "19 incl")
        sale = self.imported({"sku": "A", "quantity": 3, "ITEM": "35.70"}, market="DE", total="35.70")
        self.assert_amounts(sale, 35.70, 5.70)

    def test_de_price_that_does_not_divide_with_a_tax_that_odoo_adds(self):
        self.tax(self.product_a, "19 excl")
        sale = self.imported({"sku": "A", "quantity": 7, "ITEM": "99.99", "TAX": "15.96"}, market="DE", total="99.99")
        self.assertEqual(sale.amount_total, 99.99)
        self.assertAlmostEqual(sale.amount_tax, 15.96, delta=0.07)

    def test_uk_vat_that_amazon_remits_is_taken_out_of_the_price(self):
        self.tax(self.product_a, "19 incl")
        item = {"sku": "A", "quantity": 2, "ITEM": "24.00", "TAX": "4.00", "remitted": True}
        sale = self.imported(item, market="UK", total="24.00")
        self.assert_amounts(sale, 24.00)
        self.assertEqual(self.lines(sale), [("A", 2, 10.00, ""), ("Tax collected and remitted by Amazon", 1, 4.00, "")])

    def test_uk_tax_on_goods_and_shipping(self):
        sale = self.imported(
            {
                "sku": "A",
                "quantity": 3,
                "ITEM": "89.97",
                "SHIPPING": "10.00",
                "TAX": "4.00",
                "tax": {"ITEM": "3.00", "SHIPPING": "1.00"},
                "total": "103.97",
            },
            market="UK",
            total="103.97",
            whole={"ITEM": "89.97", "SHIPPING": "10.00", "TAX": "4.00"},
        )
        self.assert_amounts(sale, 103.97)
        self.assertEqual(
            self.lines(sale), [("A", 3, 29.99, ""), ("Amazon Tax", 1, 4.00, ""), ("Amazon Shipping", 1, 10.00, "")]
        )

    def test_amazon_as_deemed_supplier_owes_the_vat(self):
        self.tax(self.product_a, "19 incl")
        for number, scheme in enumerate(("UOSS", "IOSS", "GB_VOEC", "SOMETHING_NEW")):
            item = {"sku": "A", "ITEM": "119.00", "TAX": "19.00", "scheme": scheme}
            sale = self.imported(item, market="DE", total="119.00", order_id=f"304-{number}")
            self.assert_amounts(sale, 119.00)
            remitted = ("Tax collected and remitted by Amazon", 1, 19.00, "")
            self.assertEqual(self.lines(sale), [("A", 1, 100.00, ""), remitted])

    def test_amazon_as_deemed_supplier_at_the_net_price(self):
        self.tax(self.product_a, "19 incl")
        sale = self.imported({"sku": "A", "ITEM": "100.00", "scheme": "UOSS"}, market="DE", total="100.00")
        self.assert_amounts(sale, 100.00)
        self.assertEqual(self.lines(sale), [("A", 1, 100.00, "")])

    def test_vat_inside_the_price_is_no_revenue_where_odoo_has_no_tax(self):
        item = {"sku": "A", "ITEM": "119.00", "TAX": "19.00"}
        for number, (setting, market) in enumerate([("odoo", "DE"), ("amazon", "DE"), ("odoo", "UK"), ("odoo", "JP")]):
            self.accounts["eu"].import_taxes = setting
            if setting == "amazon":
                self.tax(self.product_a, "19 incl")
            sale = self.imported(item, market=market, total="119.00", order_id=f"305-{number}")
            self.assert_amounts(sale, 119.00)
            self.assertEqual(self.lines(sale), [("A", 1, 100.00, ""), ("Amazon Tax", 1, 19.00, "")])
            self.tax(self.product_a)

    def test_vat_that_odoo_has_for_one_of_two_products(self):
        self.tax(self.product_a, "19 incl")
        for number, (tax, shown, ours) in enumerate(
            [("19.00", "19.00", None), (None, "0.00", "19.00"), ("18.30", "18.30", "19.00")]
        ):
            items = [
                {"sku": "A", "ITEM": "119.00", **({"TAX": tax} if tax else {})},
                {"sku": "B", "ITEM": "10.70", "TAX": "0.70"},
            ]
            row = self.processed(*items, market="DE", total="129.70", order_id=f"308-{number}")
            if ours:  # Amazon's tax on B is no excuse for another one on A
                self.assertEqual(row.state, "error")
                self.assertIn(ours, row.error_message)
                self.assertIn(shown, row.error_message)
                continue
            self.assertEqual(row.state, "done", row.error_message)
            self.assert_amounts(row.sale_id, 129.70, 19.00)
            self.assertEqual(
                self.lines(row.sale_id), [("A", 1, 119.00, "19 incl"), ("B", 1, 10.00, ""), ("Amazon Tax", 1, 0.70, "")]
            )

    def test_vat_inside_price_shipping_and_discount_is_no_revenue(self):
        item = {
            "sku": "A",
            "ITEM": "119.00",
            "SHIPPING": "11.90",
            "DISCOUNT": "11.90",
            "TAX": "-19.00",
            "tax": {"ITEM": "-19.00", "SHIPPING": "-1.90", "DISCOUNT": "1.90"},
        }
        sale = self.imported(item, market="DE", total="119.00")
        self.assertEqual(
            self.lines(sale),
            [
                ("A", 1, 100.00, ""),
                ("Amazon Tax", 1, 19.00, ""),
                ("Amazon Shipping", 1, 10.00, ""),
                ("Amazon Discount", 1, -10.00, ""),
            ],
        )

    def test_rounded_prices_of_many_units_keep_their_tax(self):
        self.tax(self.product_a, "19 incl")
        item = {"sku": "A", "quantity": 1000, "ITEM": "1234.56", "TAX": "197.11"}
        sale = self.imported(item, market="DE", total="1234.56")
        self.assertEqual(sale.amount_total, 1234.56)
        self.assertAlmostEqual(sale.amount_tax, 197.11, delta=0.02)

    def test_country_that_is_none_is_no_export(self):
        self.tax(self.product_a, "19 incl")
        self.accounts["eu"].buyer_data = "region"
        there = {"recipient": {"deliveryAddress": {"countryCode": "DEU", "postalCode": "10115"}}}
        sale = self.imported({"sku": "A", "ITEM": "119.00"}, market="DE", total="119.00", **there)
        self.assert_amounts(sale, 119.00, 19.00)

    def test_tip_that_is_not_in_the_total_yet(self):
        row = stage(self.account, sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00", whole={"ITEM": "10.00"}))
        row.payload["proceeds"]["breakdowns"].append(
            {"type": "DELIVERY_TIP", "status": "PENDING", "subtotal": {"amount": "3.00", "currencyCode": "USD"}}
        )
        row.payload = dict(row.payload)
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        self.assert_amounts(row.sale_id, 10.00)

    def test_coupon_of_the_whole_order_has_the_taxes_of_the_goods(self):
        self.tax(self.product_a, "19 incl")
        item = {"sku": "A", "ITEM": "119.00", "TAX": "17.10"}
        whole = {"ITEM": "119.00", "TAX": "17.10", "DISCOUNT": "11.90"}
        sale = self.imported(item, market="DE", total="107.10", whole=whole)
        self.assert_amounts(sale, 107.10, 17.10)
        self.assertEqual(self.lines(sale)[1], ("Amazon Discount", 1, -11.90, "19 incl"))

    def test_coupon_of_the_whole_order_on_two_rates_waits(self):
        self.tax(self.product_a, "7 incl")
        self.tax(self.product_b, "19 incl")
        items = [{"sku": "A", "ITEM": "10.70"}, {"sku": "B", "ITEM": "119.00"}]
        for number, (kind, total) in enumerate([("DISCOUNT", "119.70"), ("SHIPPING", "139.70")]):
            whole = {"ITEM": "129.70", kind: "10.00"}
            row = self.processed(*items, market="DE", total=total, whole=whole, order_id=f"307-{number}")
            self.assertEqual(row.state, "error")
            self.assertIn(kind, row.error_message)
        self.accounts["eu"].import_taxes = "amazon"
        row.action_replay()
        self.assert_amounts(row.sale_id, 139.70)

    def test_tax_of_the_whole_order_that_amazon_remits_in_part_waits(self):
        items = [{"sku": "A", "ITEM": "100.00", "remitted": True}, {"sku": "B", "ITEM": "100.00"}]
        row = self.processed(*items, total="216.00", whole={"ITEM": "200.00", "TAX": "16.00"})
        self.assertEqual(row.state, "error")
        self.assertIn("not taxed alike", row.error_message)

    def test_taxes_of_another_company_make_no_second_rate(self):
        country = self.env.company.account_fiscal_country_id
        other = self.env["res.company"].create({"name": "Sister", "country_id": country.id})
        tax = self.env["account.tax"].with_company(other)
        group = self.env["account.tax.group"].create(
            {"name": "Sister", "company_id": other.id, "country_id": country.id}
        )
        theirs = tax.create(
            {"name": "20", "amount": 20, "type_tax_use": "sale", "company_id": other.id, "tax_group_id": group.id}
        )
        self.tax(self.product_a, "19 incl")
        self.product_a.taxes_id |= theirs
        self.tax(self.product_b, "19 incl")
        items = [{"sku": "A", "ITEM": "119.00"}, {"sku": "B", "ITEM": "119.00"}]
        sale = self.imported(*items, market="DE", total="249.90", whole={"ITEM": "238.00", "SHIPPING": "11.90"})
        self.assert_amounts(sale, 249.90, 39.90)

    def test_tax_on_each_unit_is_not_on_its_shipping(self):
        eco = self.env["account.tax"].create(
            {"name": "Eco", "amount": 0.5, "amount_type": "fixed", "price_include_override": "tax_included"}
        )
        self.tax(self.product_a, "19 incl")
        self.product_a.taxes_id |= eco
        item = {"sku": "A", "quantity": 2, "ITEM": "120.00", "SHIPPING": "11.90", "DISCOUNT": "2.38"}
        sale = self.imported(item, market="DE", total="129.52")
        self.assert_amounts(sale, 129.52, 21.52)  # 20.00 and the shipping's 1.90 less 0.38
        self.assertEqual([line[3] for line in self.lines(sale)], ["19 incl, Eco", "19 incl", "19 incl"])

    def test_shipping_of_what_did_not_leave_has_the_taxes_of_the_rest(self):
        self.tax(self.product_a, "19 incl")
        unknown = {"sku": "UNKNOWN", "fulfilled": 0, "SHIPPING": "11.90"}
        sale = self.imported({"sku": "A", "ITEM": "119.00"}, unknown, market="DE", total="130.90")
        self.assert_amounts(sale, 130.90, 20.90)

    def test_prices_without_decimals_in_odoo_lose_no_cents(self):
        self.env.ref("product.decimal_price").digits = 0
        for number, name in enumerate(("19 incl", "19 excl")):
            self.tax(self.product_a, name)
            item = {"sku": "A", "quantity": 10, "ITEM": "104.90", "SHIPPING": "2.49"}
            sale = self.imported(item, market="DE", total="107.39", order_id=f"308-{number}")
            self.assertEqual(sale.amount_total, 107.39)
            self.assertAlmostEqual(sale.amount_tax, 17.15, delta=0.02)

    def test_charge_that_amazon_does_not_document_keeps_its_sign(self):
        sale = self.imported({"sku": "A", "ITEM": "10.00", "RECYCLING": "0.50"}, total="9.50")
        self.assertEqual(self.lines(sale)[1][:3], ("Amazon Charge", 1, -0.50))
        self.assert_amounts(sale, 9.50)

    # === BUSINESS BUYERS, OTHER COUNTRIES === #

    def position(self, name, to_tax=None, **values):
        position = self.env["account.fiscal.position"].create({"name": name, "auto_apply": True, **values})
        free = self.env["account.tax"].create(
            {
                "name": f"0 {name}",
                "amount": 0,
                "type_tax_use": "sale",
                "fiscal_position_ids": position.ids,
                "original_tax_ids": self.taxes["19 incl"].ids,
            }
        )
        return position, free

    def test_vat_number_in_another_country_of_the_union_makes_it_free_of_vat(self):
        self.tax(self.product_a, "19 incl")
        facts = {"tax": vat_number("FR23334175221", "Muster SARL"), "programs": ["AMAZON_BUSINESS"]}
        sale = self.imported({"sku": "A", "ITEM": "100.00"}, market="DE", total="100.00", order_id="306-1", **facts)
        self.assert_amounts(sale, 100.00)
        self.assertEqual(self.lines(sale), [("A", 1, 100.00, "")])
        europe = self.env.ref("base.europe")
        position, _free = self.position("Union", country_group_id=europe.id, vat_required=True, sequence=1)
        sale = self.imported({"sku": "A", "ITEM": "100.00"}, market="DE", total="100.00", order_id="306-2", **facts)
        self.assertEqual((sale.fiscal_position_id, sale.amount_total, sale.amount_tax), (position, 100.00, 0))
        self.assertEqual(self.lines(sale), [("A", 1, 100.00, "0 Union")])
        self.assertNotIn("FR23334175221", str(sale.fba_amazon_order_ids.payload))

    def test_vat_that_amazon_names_is_charged_to_a_buyer_with_a_vat_number(self):
        self.tax(self.product_a, "19 incl")
        self.position("Union", country_group_id=self.env.ref("base.europe").id, vat_required=True, sequence=1)
        item = {"sku": "A", "ITEM": "119.00", "TAX": "19.00"}
        sale = self.imported(item, market="DE", total="119.00", tax=vat_number("FR23334175221"))
        self.assert_amounts(sale, 119.00, 19.00)

    def test_goods_that_leave_the_union_are_free_of_vat(self):
        self.tax(self.product_a, "19 incl")
        self.accounts["eu"].buyer_data = "region"
        there = {"recipient": {"deliveryAddress": {"countryCode": "CH", "postalCode": "8001"}}}
        sale = self.imported({"sku": "A", "ITEM": "100.00"}, market="DE", total="100.00", **there)
        self.assert_amounts(sale, 100.00)

    def test_consumer_elsewhere_in_the_union_pays_vat_there(self):
        self.tax(self.product_a, "19 incl")
        self.accounts["eu"].buyer_data = "region"
        there = {"recipient": {"deliveryAddress": {"countryCode": "FR", "postalCode": "75001"}}}
        sale = self.imported({"sku": "A", "ITEM": "119.00"}, market="DE", total="119.00", **there)
        self.assert_amounts(sale, 119.00, 19.00)

    def test_business_of_the_country_pays_its_vat(self):
        self.tax(self.product_a, "19 incl")
        facts = {"tax": vat_number("DE 136 695 976"), "programs": ["AMAZON_BUSINESS"]}
        sale = self.imported({"sku": "A", "ITEM": "119.00"}, market="DE", total="119.00", **facts)
        self.assert_amounts(sale, 119.00, 19.00)

    def test_what_nothing_tells_waits_for_a_person(self):
        self.tax(self.product_a, "19 incl")
        item = {"sku": "A", "ITEM": "100.00"}
        row = self.processed(item, market="DE", total="100.00", tax=vat_number("23334175221"))
        self.assertEqual(row.state, "error")
        self.assertIn("VAT number", row.error_message)
        self.assertFalse(row.sale_id)
        self.accounts["eu"].import_taxes = "amazon"
        row.action_replay()
        self.assertEqual((row.state, row.sale_id.amount_total, row.sale_id.amount_tax), ("done", 100.00, 0))

    # === JAPAN, CANADA === #

    def test_jp_has_no_decimals(self):
        self.tax(self.product_a, "10 incl")
        sale = self.imported(
            {"sku": "A", "ITEM": "5980", "total": "5980"},
            {"sku": "B", "quantity": 2, "ITEM": "13960", "total": "13960"},
            market="JP",
            total="19940",
        )
        self.assert_amounts(sale, 19940, 544)  # 10/110 of 5980; B has no tax here
        self.assertEqual([line[1:3] for line in self.lines(sale)], [(1, 5980), (2, 6980)])

    def test_jp_price_that_does_not_divide(self):
        sale = self.imported({"sku": "A", "quantity": 3, "ITEM": "1000"}, market="JP", total="1000")
        self.assert_amounts(sale, 1000)

    def test_ca_two_taxes(self):
        self.tax(self.product_a, "GST", "PST")
        sale = self.imported(
            {
                "sku": "A",
                "quantity": 2,
                "ITEM": "50.00",
                "SHIPPING": "7.99",
                "TAX": "6.96",
                "tax": {"ITEM": "6.00", "SHIPPING": "0.96"},
            },
            market="CA",
            total="64.95",
        )
        self.assert_amounts(sale, 64.95, 6.96)
        self.assertEqual(self.lines(sale), [("A", 2, 25.00, "GST, PST"), ("Amazon Shipping", 1, 7.99, "GST, PST")])

    # === ODD ONES === #

    def test_cents_lost_in_amazons_rounding_are_a_line(self):
        sale = self.imported({"sku": "A", "quantity": 3, "ITEM": "10.00", "TAX": "0.83"}, total="10.84")
        self.assert_amounts(sale, 10.84)
        self.assertEqual(self.lines(sale)[-1], ("Rounding", 1, 0.02, ""))

    def test_free_replacement_costs_nothing(self):
        replaced = [{"orderId": "111-0000000-0000009", "associationType": "REPLACEMENT_ORIGINAL_ID"}]
        sale = self.imported({"sku": "A"}, associatedOrders=replaced)
        self.assert_amounts(sale, 0)
        self.assertEqual(self.lines(sale), [("A", 1, 0, "")])

    def test_part_that_amazon_cancelled_is_not_delivered(self):
        sale = self.imported(
            {"sku": "A", "quantity": 3, "fulfilled": 2, "ITEM": "20.00"},
            {"sku": "B", "quantity": 1, "fulfilled": 0},
            total="20.00",
        )
        self.assert_amounts(sale, 20.00)
        self.assertEqual(self.lines(sale), [("A", 2, 10.00, "")])
        self.assertEqual(self.on_hand(self.product_a), 8)

    def test_later_change_of_quantity_keeps_amazons_price(self):
        line = self.imported({"sku": "A", "ITEM": "7.77"}, total="7.77").order_line
        line.product_uom_qty = 2
        self.assertEqual(line.price_unit, 7.77)

    def test_charges_go_to_the_products_of_the_account(self):
        freight = self.env["product.product"].create({"name": "Freight", "type": "service"})
        self.account.shipping_product_id = freight
        sale = self.imported({"sku": "A", "ITEM": "10.00", "SHIPPING": "5.00"}, total="15.00")
        self.assertEqual(sale.order_line[1].product_id, freight)

    # === WHAT CANNOT BE BOOKED === #

    def test_parts_that_do_not_make_the_total_are_an_error(self):
        row = self.processed({"sku": "A", "ITEM": "10.00", "TAX": "1.00"}, total="12.00")
        self.assertEqual(row.state, "error")
        self.assertIn("11.00", row.error_message)
        self.assertIn("12.00", row.error_message)
        self.assertFalse(self.env["sale.order"].search([("amazon_order_id", "=", row.amazon_order_id)]))

    def test_tax_that_is_not_odoos_is_an_error_until_somebody_decides(self):
        self.tax(self.product_a, "19 incl")
        row = self.processed({"sku": "A", "ITEM": "119.00", "TAX": "7.79"}, market="DE", total="119.00")
        self.assertEqual(row.state, "error")
        self.assertIn("19.00", row.error_message)
        self.assertIn("7.79", row.error_message)
        self.accounts["eu"].import_taxes = "amazon"
        row.action_replay()
        self.assertEqual(row.state, "done", row.error_message)
        self.assert_amounts(row.sale_id, 119.00)

    def test_order_without_amounts_is_an_error(self):
        row = self.processed({"sku": "A"})
        self.assertEqual(row.state, "error")
        self.assertIn("Amazon returned no amounts", row.error_message)

    def test_charge_for_what_was_not_shipped_is_an_error(self):
        row = self.processed({"sku": "A", "ITEM": "10.00"}, {"sku": "B", "fulfilled": 0, "ITEM": "5.00"}, total="15.00")
        self.assertEqual(row.state, "error")
        self.assertIn("B was not shipped", row.error_message)

    def test_currency_that_is_not_active_is_an_error_until_it_is(self):
        pounds = self.env.ref("base.GBP")
        pounds.active = False
        row = self.processed({"sku": "A", "ITEM": "10.00"}, market="UK", total="10.00")
        self.assertEqual(row.state, "error")
        self.assertIn("GBP", row.error_message)
        pounds.active = True
        row.action_replay()
        self.assertEqual(row.state, "done", row.error_message)
