"""Any order Amazon's SDK accepts ends imported at its total, waiting, ignored, or as an error with its reason."""

import json
from decimal import Decimal
from types import SimpleNamespace

from hypothesis import assume, given
from hypothesis import strategies as st
from odoo.fields import Command
from odoo.tests import tagged

from .. import amazon
from .common import FbaCase
from .sequences import SEQUENCES
from .sold import stage

try:
    from spapi.api_client import ApiClient
    from spapi.configuration import Configuration
except ImportError:  # installed without the project around it
    ApiClient = None

texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=30)
ids = st.text("0123456789-", min_size=1, max_size=19)
cents = st.decimals(0, 999, places=2).map(str)
any_amount = st.one_of(
    cents, cents, st.decimals(-50, 99999, places=3).map(str), st.sampled_from(["0", "1e2", "7", "-0"])
)
KINDS = ["ITEM", "SHIPPING", "GIFT_WRAP", "DISCOUNT", "COD_FEE", "OTHER", "TAX", "FUTURE_FEE"]
STATUSES = ["SHIPPED"] * 5 + ["PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "CANCELLED", "UNFULFILLABLE", "NEW_ONE"]
MARKETS = ["ATVPDKIKX0DER", "ATVPDKIKX0DER", "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "UNKNOWN"]


def money(amount, currency="USD"):
    return {"amount": amount, "currencyCode": currency}


def breakdowns(amounts):
    part = st.fixed_dictionaries(
        {"type": st.sampled_from(KINDS), "subtotal": amounts.map(money)},
        optional={
            "detailedBreakdowns": st.lists(
                st.fixed_dictionaries({}, optional={"subtype": st.sampled_from(KINDS), "value": amounts.map(money)}),
                max_size=2,
            )
        },
    )
    return st.lists(part, max_size=4)


items = st.fixed_dictionaries(
    {
        "orderItemId": ids,
        "quantityOrdered": st.integers(0, 9),
        "product": st.fixed_dictionaries(
            {"sellerSku": st.sampled_from(["A", "A", "B", "TAXED"])},
            optional={
                "title": texts,
                "asin": texts,
                "price": st.fixed_dictionaries({}, optional={"unitPrice": cents.map(money)}),
            },
        ),
    },
    optional={
        "proceeds": st.fixed_dictionaries(
            {"breakdowns": st.one_of(breakdowns(cents), breakdowns(cents), breakdowns(any_amount))},
            optional={"proceedsTotal": any_amount.map(money)},
        ),
        "fulfillment": st.fixed_dictionaries(
            {}, optional={"quantityFulfilled": st.integers(0, 9), "quantityUnfulfilled": st.integers(0, 9)}
        ),
        "tax": st.just({"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]}),
    },
)
strange_items = st.fixed_dictionaries(
    {
        "orderItemId": texts,
        "quantityOrdered": st.integers(-2, 10**7),
        "product": st.fixed_dictionaries({}, optional={"sellerSku": st.one_of(texts, st.just("X" * 5000))}),
    }
)
orders = st.fixed_dictionaries(
    {
        "orderId": ids,
        "createdTime": st.just("2026-11-20T09:00:00Z"),
        "lastUpdatedTime": st.just("2026-11-21T18:30:00.123Z"),
        "salesChannel": st.fixed_dictionaries(
            {"channelName": st.sampled_from(["AMAZON"] * 4 + ["NON_AMAZON", "OTHER"])},
            optional={"marketplaceId": st.sampled_from(MARKETS)},
        ),
        "orderItems": st.one_of(
            st.lists(items, min_size=1, max_size=3), st.lists(items, min_size=1, max_size=3), st.lists(strange_items)
        ),
        "fulfillment": st.fixed_dictionaries(
            {"fulfillmentStatus": st.sampled_from(STATUSES)},
            optional={"fulfilledBy": st.sampled_from(["AMAZON"] * 5 + ["MERCHANT"])},
        ),
    },
    optional={
        "orderAliases": st.lists(
            st.fixed_dictionaries({"aliasId": texts, "aliasType": st.just("SELLER_ORDER_ID")}), max_size=1
        ),
        "associatedOrders": st.just([{"orderId": "1", "associationType": "REPLACEMENT_ORIGINAL_ID"}]),
        "proceeds": st.fixed_dictionaries(
            {}, optional={"grandTotal": any_amount.map(money), "breakdowns": breakdowns(cents)}
        ),
        "recipient": st.fixed_dictionaries(
            {}, optional={"deliveryAddress": st.fixed_dictionaries({"name": texts, "countryCode": texts})}
        ),
    },
)
# How the total is told: as drawn, or as the sum of the parts with or without tax.
TOTALS = st.sampled_from(["drawn", "added", "included", "added", "included"])


@tagged("post_install", "-at_install")
class TestImportProperty(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tax = cls.env["account.tax"].create({"name": "10 %", "amount": 10, "price_include_override": "tax_excluded"})
        cls.new_product("TAXED").taxes_id = [Command.set(tax.ids)]

    def setUp(self):
        super().setUp()
        if not ApiClient:
            self.skipTest("Amazon's SDK is not installed")
        configuration = Configuration()
        configuration.access_token_cache = None
        self.sdk = ApiClient(configuration)
        self.sdk.api_models_module = "spapi.models.orders_v2026_01_01"

    @SEQUENCES
    @given(st.lists(st.tuples(orders, TOTALS), min_size=1, max_size=6), st.sampled_from(["nobody", "buyer"]))
    def test_every_order_ends_with_a_word(self, drawn, buyer_data):
        payloads = {payload["orderId"]: self.with_total(payload, how) for payload, how in drawn}.values()
        for payload in payloads:
            assume(self.is_order(payload))
        with self.cr.savepoint() as savepoint:
            self.account.buyer_data = buyer_data
            before = self.on_hand(self.product_a)
            rows = stage(self.account, *payloads)
            rows._process()
            self.assertEqual(len(rows), len(payloads))
            for row in rows:
                self.assert_ended(row)
            left = sum(line.product_uom_qty for line in rows.sale_id.order_line if line.product_id == self.product_a)
            self.assertEqual(self.on_hand(self.product_a), before - left)
            savepoint.rollback()

    def is_order(self, payload):
        try:
            self.sdk.deserialize(SimpleNamespace(data=json.dumps(payload)), "Order")
        except (ValueError, TypeError):
            return False
        return True

    def with_total(self, payload, how):
        """The order with a grand total that its parts make."""
        if how == "drawn":
            return payload
        parts = [part for item in payload["orderItems"] for part in item.get("proceeds", {}).get("breakdowns", ())]
        total = Decimal()
        for part in parts:
            amount = Decimal(part["subtotal"]["amount"])
            if part["type"] != "TAX" or how == "added":
                total += -abs(amount) if part["type"] == "DISCOUNT" else amount
        return {**payload, "proceeds": {"grandTotal": money(str(total))}}

    def assert_ended(self, row):
        self.assertIn(row.state, ("done", "pending", "ignored", "error"))
        self.assertFalse(row.is_due)
        if row.state != "done":
            self.assertGreater(len(row.error_message or ""), 15)
            self.assertFalse(row.sale_id)
        if row.state == "error":
            self.assertNotIn("Could not be imported", row.error_message)
        if row.state == "done":
            order, sale = amazon.parse_order(row.payload), row.sale_id
            total = (
                order.grand_total.amount
                if order.grand_total
                else sum(it.total.amount for it in order.items if it.total)
            )
            self.assertEqual(Decimal(str(sale.amount_total)), round(total, 2))
            self.assertRecordValues(sale, [{"state": "sale", "fba_status": "shipped", "delivery_status": "full"}])
            goods = sale.order_line.filtered(lambda line: line.product_id.is_storable)
            self.assertEqual(sum(goods.mapped("qty_delivered")), sum(item.quantity_shipped for item in order.items))
