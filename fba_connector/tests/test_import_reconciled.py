"""Any order that adds up at Amazon adds up in Odoo, or waits; and no amount changes its kind."""

import os
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import given, note, settings
from hypothesis import strategies as st
from odoo.fields import Command
from odoo.tests import tagged

from .common import FbaCase
from .sequences import SEQUENCES
from .sold import MARKETS, accounts_of, sales_tax, sold_order, stage

EXAMPLES = int(os.environ.get("FBA_EXAMPLES", 150))  # by hand: FBA_EXAMPLES=2000
RATES = {"US": Decimal("8.25"), "DE": 19, "UK": 20, "JP": 10}
ADDED = ("US",)  # prices never hold the tax
UNDOCUMENTED = ("RECYCLING", "CREDIT")
KINDS = ("SHIPPING", "GIFT_WRAP", "DISCOUNT", *UNDOCUMENTED)


def minor_unit(market):
    return Decimal(1) if market == "JP" else Decimal("0.01")


def rounded(amount, market):
    return amount.quantize(minor_unit(market), ROUND_HALF_UP)


@st.composite
def true_orders(draw):
    """(payload as Amazon tells it, the truth: {kind: amount without tax}, tax, who owes it, whether it has to be
    imported): the amounts add up, and are told with the carelessness that Amazon is known for."""
    market = draw(st.sampled_from(sorted(RATES)))
    owner = draw(st.sampled_from(["amazon", "company", "nobody"]))
    told = {
        "holds_tax": market not in ADDED and draw(st.booleans()),
        "discount": draw(st.sampled_from([1, -1])),
        "tax": draw(st.sampled_from([1, 1, -1])),
        **{kind: (draw(st.sampled_from([1, -1])), draw(st.booleans())) for kind in UNDOCUMENTED},  # sign, written
    }
    sku = draw(st.sampled_from(["FREE", f"TAXED-{market}"]))
    truth, tax, items = Counter(), Decimal(), []
    for _item in range(draw(st.integers(1, 3))):
        net = draw(amounts(market, told))
        taxes = taxes_of(net, owner, market)
        items.append({"sku": sku, "quantity": draw(st.integers(1, 9)), **draw(telling(net, taxes, told))})
        if owner == "amazon":
            items[-1] |= draw(st.sampled_from([{"remitted": True}, {"scheme": "UOSS"}, {"scheme": "NEW"}]))
        truth.update(net)
        tax += sum(taxes.values())
    tip, pending = draw(st.none() | st.integers(1, 9)), draw(st.booleans())
    if tip and not pending:
        truth["DELIVERY_TIP"] += tip
    units = sum(item["quantity"] for item in items)
    lost = draw(st.just(0) | st.integers(-units, units)) * minor_unit(market)
    whole = {"DELIVERY_TIP": str(tip)} if tip else {}
    payload = sold_order(*items, market=market, total=str(sum(truth.values()) + tax + lost), whole=whole)
    for number, item in enumerate(payload["orderItems"]):
        item["orderItemId"] = f"item-{number}"
    if tip and pending:
        payload["proceeds"]["breakdowns"][0]["status"] = "PENDING"
    return payload, truth, tax, owner, not truth.keys() & set(UNDOCUMENTED)


@st.composite
def amounts(draw, market, told):
    """{kind: amount without tax} of an item."""
    net = {"ITEM": rounded(draw(st.decimals(5, 400, places=2)), market)}
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=2, unique=True)):
        amount = rounded(draw(st.decimals(1, 4, places=2)), market)
        sign = -1 if kind == "DISCOUNT" else told[kind][0] if kind in UNDOCUMENTED else 1
        net[kind] = amount * sign
    return net


def taxes_of(net, owner, market):
    rate = Decimal(RATES[market]) / 100
    taxed = {} if owner == "nobody" else {kind: it for kind, it in net.items() if kind not in UNDOCUMENTED}
    return {kind: rounded(amount * rate, market) for kind, amount in taxed.items()}


@st.composite
def telling(draw, net, taxes, told):
    """Values of a sold item that Amazon tells in this way."""
    shown = {kind: amount + (taxes.get(kind, 0) if told["holds_tax"] else 0) for kind, amount in net.items()}
    if "DISCOUNT" in shown:
        shown["DISCOUNT"] *= -told["discount"]
    for kind in sorted(shown.keys() & set(UNDOCUMENTED)):
        shown[kind] = shown[kind] if told[kind][1] else abs(shown[kind])
    values = {kind: str(amount) for kind, amount in shown.items()}
    if taxes:
        values["TAX"] = str(sum(taxes.values()) * told["tax"])
        if draw(st.booleans()):
            sign = {"DISCOUNT": -told["discount"]}
            values["tax"] = {kind: str(amount * told["tax"] * sign.get(kind, 1)) for kind, amount in taxes.items()}
    if draw(st.booleans()):
        values["total"] = str(sum(net.values()) + sum(taxes.values()))
    return values


@tagged("post_install", "-at_install")
class TestImportReconciled(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = accounts_of(cls, RATES)
        cls.new_product("FREE").taxes_id = False
        for market, rate in RATES.items():
            tax = sales_tax(cls.env, f"{rate} {market}", rate, included=market not in ADDED)
            cls.new_product(f"TAXED-{market}").taxes_id = [Command.set(tax.ids)]

    @settings(SEQUENCES, max_examples=EXAMPLES, derandomize="FBA_EXAMPLES" not in os.environ)
    @given(true_orders())
    def test_every_amount_keeps_its_kind(self, case):
        payload, truth, tax, owner, must = case
        market = next(code for code, (it, _c) in MARKETS.items() if it == payload["salesChannel"]["marketplaceId"])
        with self.cr.savepoint() as savepoint:
            row = stage(self.accounts[market], payload)
            row._process()
            note(f"{row.state}: {row.error_message}\n{payload}")
            if row.state != "done":
                self.assertEqual(row.state, "error")
                self.assertFalse(must, row.error_message)
                self.assertNotIn("Could not be imported", row.error_message)
            else:
                self.assert_booked(row, truth, tax, owner, market)
            savepoint.rollback()

    def assert_booked(self, row, truth, tax, owner, market):
        sale = row.sale_id
        units = sum(sale.order_line.filtered(lambda line: line.product_id.type != "service").mapped("product_uom_qty"))
        most = float(minor_unit(market)) * units * 2 + 1e-6  # Amazon's rounding, and Odoo's
        told = tax and owner != "nobody"
        taxes_in_price = not told and owner == "company" and market not in ADDED
        self.assertEqual(sale.amount_total, row.amount_total)
        remitted, named = self.tax_lines(sale)
        booked = {kind: 0.0 for kind in truth} | self.by_kind(sale, with_tax=owner == "nobody" or taxes_in_price)
        rest = 0.0
        for kind, amount in truth.items():
            if kind in ("ITEM", "SHIPPING", "GIFT_WRAP", "DISCOUNT"):
                self.assertAlmostEqual(booked.pop(kind), float(amount), delta=most, msg=kind)
            else:
                rest += float(amount)
                booked.pop(kind, None)
        self.assertAlmostEqual(booked.pop("OTHER", 0.0), rest, delta=most, msg="charges and rounding")
        self.assertFalse([kind for kind, amount in booked.items() if abs(amount) > most], booked)
        self.assertAlmostEqual(remitted, float(tax) if owner == "amazon" else 0, delta=most)
        if owner == "amazon":
            self.assertFalse(sale.amount_tax or named)
        if owner == "company":
            self.assertAlmostEqual(sale.amount_tax + named, float(tax), delta=most)

    def tax_lines(self, sale):
        """(tax that Amazon remits, tax of the company that Odoo does not have)."""
        lines = sale.order_line.filtered(lambda line: line.product_id == self.account._charge_product("TAX"))
        remitted = lines.filtered(lambda line: "remitted" in line.name)
        return sum(remitted.mapped("price_total")), sum((lines - remitted).mapped("price_total"))

    def by_kind(self, sale, *, with_tax):
        """{kind: amount}, without Odoo's taxes; with them where Amazon tells none, as the truth has none, either."""
        kinds = {self.account._charge_product(kind): kind for kind in ("SHIPPING", "GIFT_WRAP", "DISCOUNT", "OTHER")}
        sums = Counter()
        for line in sale.order_line:
            if line.product_id != self.account._charge_product("TAX"):
                kind = kinds.get(line.product_id, "ITEM")
                sums[kind] += line.price_total if with_tax else line.price_subtotal
        return dict(sums)
