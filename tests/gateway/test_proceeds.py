"""What an order brought: the parts make Amazon's total, or a person has to look."""

from dataclasses import replace
from datetime import datetime, timezone
from decimal import Decimal

import pytest
from fba_amazon import Charge, Irreconcilable, Money, Proceeds, SoldItem, SoldOrder, reconcile
from hypothesis import given, settings
from hypothesis import strategies as st

CENT, YEN = Decimal("0.01"), Decimal(1)
FACILITATED = ("MARKETPLACE_FACILITATOR",)
NOON = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
KINDS = ("ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER", "DISCOUNT")


def money(amount, currency="USD"):
    return None if amount is None else Money(Decimal(amount), currency)


def pairs(amounts):
    return tuple((kind, Decimal(amount)) for kind, amount in amounts.items())


def sold(quantity=1, total=None, parts=None, tax=None, unit_price=None, currency="USD"):
    """An item. Amounts as text; `tax` says what TAX is made of."""
    return SoldItem(
        item_id="1",
        seller_sku="SKU-1",
        title="Lamp",
        quantity_ordered=quantity,
        quantity_fulfilled=quantity,
        total=money(total, currency),
        breakdown=pairs(parts or {}),
        unit_price=money(unit_price, currency),
        tax=pairs(tax or {}),
    )


def order(*items, total=None, parts=None, replaces=None, currency="USD"):
    return SoldOrder(
        order_id="250-1",
        created_at=NOON,
        updated_at=NOON,
        channel="AMAZON",
        marketplace_id="ATVPDKIKX0DER",
        status="SHIPPED",
        fulfilled_by="AMAZON",
        grand_total=money(total, currency),
        items=items,
        aliases=(),
        replaces=replaces,
        breakdown=pairs(parts or {}),
    )


def told(found):
    """(kind, whether of an item, amount, tax) of each charge, as text."""
    return [(charge.kind, charge.item is not None, str(charge.amount), str(charge.tax)) for charge in found.charges]


def makes(found):
    """What the charges make, with their tax unless they hold it."""
    tax = Decimal() if found.tax_included else sum(charge.tax for charge in found.charges)
    return sum(charge.amount for charge in found.charges) + tax


# === TABLE === #

SHIPPED_FREE = {"ITEM": "49.98", "SHIPPING": "5.99", "DISCOUNT": "-5.99", "TAX": "4.12"}

CASES = {
    "US, tax is added, shipping is fully discounted": (
        order(sold(2, "54.10", SHIPPED_FREE, {"ITEM": "4.12"}), total="54.10"),
        False,
        [
            ("ITEM", True, "49.98", "4.12"),
            ("SHIPPING", True, "5.99", "0"),
            ("DISCOUNT", True, "-5.99", "0"),
        ],
    ),
    "a discount written above zero": (
        order(sold(2, "54.10", SHIPPED_FREE | {"DISCOUNT": "5.99"}, {"ITEM": "4.12"}), total="54.10"),
        False,
        [
            ("ITEM", True, "49.98", "4.12"),
            ("SHIPPING", True, "5.99", "0"),
            ("DISCOUNT", True, "-5.99", "0"),
        ],
    ),
    "DE, the price holds its VAT": (
        order(sold(1, "89.99", {"ITEM": "89.99", "TAX": "14.37"}, currency="EUR"), total="89.99", currency="EUR"),
        True,
        [("ITEM", True, "89.99", "14.37")],
    ),
    "UK, item and shipping and the tax of both": (
        order(
            sold(
                1,
                "29.98",
                {"ITEM": "20.82", "SHIPPING": "4.16", "TAX": "5.00"},
                {"ITEM": "4.17", "SHIPPING": "0.83"},
                currency="GBP",
            ),
            total="29.98",
            currency="GBP",
        ),
        False,
        [("ITEM", True, "20.82", "4.17"), ("SHIPPING", True, "4.16", "0.83")],
    ),
    "JP, no word of tax": (
        order(
            sold(2, "13960", {"ITEM": "13960"}, currency="JPY"),
            sold(1, "5980", {"ITEM": "5980"}, currency="JPY"),
            total="19940",
            currency="JPY",
        ),
        None,
        [("ITEM", True, "13960", "0"), ("ITEM", True, "5980", "0")],
    ),
    "a tip, of the whole order only": (
        order(
            sold(1, "21.60", {"ITEM": "20.00", "TAX": "1.60"}),
            total="24.60",
            parts={"ITEM": "20.00", "TAX": "1.60", "DELIVERY_TIP": "3.00"},
        ),
        False,
        [("ITEM", True, "20.00", "1.60"), ("DELIVERY_TIP", False, "3.00", "0")],
    ),
    "a tip, and items that name no parts": (
        order(sold(1, "21.60"), total="24.60", parts={"ITEM": "20.00", "TAX": "1.60", "DELIVERY_TIP": "3.00"}),
        False,
        [("ITEM", True, "20.00", "1.60"), ("DELIVERY_TIP", False, "3.00", "0")],
    ),
    "a tax of the whole order, and items that name no parts": (
        order(sold(1, "119.00"), sold(1, "59.50"), total="178.50", parts={"ITEM": "178.50", "TAX": "28.50"}),
        True,
        [("ITEM", True, "119.00", "0"), ("ITEM", True, "59.50", "0"), ("OTHER", False, "0", "28.50")],
    ),
    "a tax of the whole order written below zero": (
        order(sold(1, "119.00", {"ITEM": "119.00"}), total="119.00", parts={"ITEM": "119.00", "TAX": "-19.00"}),
        True,
        [("ITEM", True, "119.00", "19.00")],
    ),
    "a charge is no rounding, however many units": (
        order(sold(100, parts={"ITEM": "1000.00", "CREDIT": "0.50"}), total="999.50"),
        None,
        [("ITEM", True, "1000.00", "0"), ("CREDIT", True, "-0.50", "0")],
    ),
    "a shipping charge of many units that is not in the total": (
        order(sold(200, parts={"ITEM": "60.00"}), total="60.00", parts={"ITEM": "60.00", "SHIPPING": "1.00"}),
        None,
        [("ITEM", True, "60.00", "0")],
    ),
    "a tax of the whole order only": (
        order(sold(1, "20.00", {"ITEM": "20.00"}), total="21.60", parts={"ITEM": "20.00", "TAX": "1.60"}),
        False,
        [("ITEM", True, "20.00", "0"), ("OTHER", False, "0", "1.60")],
    ),
    "a tax named for parts, the rest goes to the goods": (
        order(
            sold(
                1,
                parts={"ITEM": "30.00", "SHIPPING": "5.00", "GIFT_WRAP": "2.00", "TAX": "3.00"},
                tax={"SHIPPING": "0.40", "GIFT_WRAP": "0.16"},
            ),
            total="40.00",
        ),
        False,
        [("ITEM", True, "30.00", "2.44"), ("SHIPPING", True, "5.00", "0.40"), ("GIFT_WRAP", True, "2.00", "0.16")],
    ),
    "a tax named for a part there is not": (
        order(sold(1, parts={"ITEM": "30.00", "TAX": "2.40"}, tax={"SHIPPING": "0.40"}), total="32.40"),
        False,
        [("ITEM", True, "30.00", "2.40")],
    ),
    "a tax of nothing, named in parts": (
        order(sold(1, parts={"ITEM": "30.00", "TAX": "0.00"}, tax={"ITEM": "1.00"}), total="30.00"),
        None,
        [("ITEM", True, "30.00", "0.00")],
    ),
    "a tip that is not in the total yet": (
        replace(
            order(sold(1, "10.00", {"ITEM": "10.00"}), total="10.00", parts={"ITEM": "10.00", "DELIVERY_TIP": "3.00"}),
            pending=("DELIVERY_TIP",),
        ),
        None,
        [("ITEM", True, "10.00", "0")],
    ),
    "a tip of unknown status that is not in the total": (
        order(sold(1, "10.00", {"ITEM": "10.00"}), total="10.00", parts={"ITEM": "10.00", "DELIVERY_TIP": "3.00"}),
        None,
        [("ITEM", True, "10.00", "0")],
    ),
    "a tip called pending that is in the total": (
        replace(
            order(sold(1, "10.00", {"ITEM": "10.00"}), total="13.00", parts={"ITEM": "10.00", "DELIVERY_TIP": "3.00"}),
            pending=("DELIVERY_TIP",),
        ),
        None,
        [("ITEM", True, "10.00", "0"), ("DELIVERY_TIP", False, "3.00", "0")],
    ),
    "a charge that nobody documents lowers the total": (
        order(sold(1, "9.00", {"ITEM": "10.00", "RECYCLING": "1.00"}), total="9.00"),
        None,
        [("ITEM", True, "10.00", "0"), ("RECYCLING", True, "-1.00", "0")],
    ),
    "an undocumented charge of the whole order": (
        order(sold(1, "10.00", {"ITEM": "10.00"}), total="8.50", parts={"ITEM": "10.00", "CREDIT": "1.50"}),
        None,
        [("ITEM", True, "10.00", "0"), ("CREDIT", False, "-1.50", "0")],
    ),
    "a discount of the whole order": (
        order(sold(1, "10.00", {"ITEM": "10.00"}), total="8.50", parts={"ITEM": "10.00", "DISCOUNT": "1.50"}),
        None,
        [("ITEM", True, "10.00", "0"), ("DISCOUNT", False, "-1.50", "0")],
    ),
    "a tax written below zero": (
        order(sold(1, "119.00", {"ITEM": "119.00", "TAX": "-19.00"}, {"ITEM": "-19.00"}), total="119.00"),
        True,
        [("ITEM", True, "119.00", "19.00")],
    ),
    "a tax that the discount lowers, both written above zero": (
        order(
            sold(
                1,
                parts={"ITEM": "119.00", "DISCOUNT": "11.90", "TAX": "17.10"},
                tax={"ITEM": "19.00", "DISCOUNT": "1.90"},
            ),
            total="107.10",
        ),
        True,
        [("ITEM", True, "119.00", "19.00"), ("DISCOUNT", True, "-11.90", "-1.90")],
    ),
    "a tax of the whole order inside the price of its one item": (
        order(sold(1, "119.00", {"ITEM": "119.00"}), total="119.00", parts={"ITEM": "119.00", "TAX": "19.00"}),
        True,
        [("ITEM", True, "119.00", "19.00")],
    ),
    "a tax that Amazon keeps from the seller": (
        order(
            replace(sold(1, "100.00", {"ITEM": "119.00", "TAX": "-19.00"}), reporting_schemes=("UOSS",)), total="100.00"
        ),
        None,
        [("ITEM", True, "100.00", "0")],
    ),
    "nothing but tax": (
        order(sold(1, "1.20", {"TAX": "1.20"}), total="1.20"),
        False,
        [("ITEM", True, "0", "1.20")],
    ),
    "a part named twice": (
        order(replace(sold(2, "20.00"), breakdown=(("ITEM", Decimal(12)), ("ITEM", Decimal(8)))), total="20.00"),
        None,
        [("ITEM", True, "20", "0")],
    ),
    "no grand total, the items have theirs": (
        order(sold(1, "10.00"), sold(1, "5.40", {"ITEM": "5.00", "TAX": "0.40"})),
        False,
        [("ITEM", True, "10.00", "0"), ("ITEM", True, "5.00", "0.40")],
    ),
    "nothing but the items' total": (order(sold(3, "30.00"), total="30.00"), None, [("ITEM", True, "30.00", "0")]),
    "nothing but a price of one": (
        order(sold(3, unit_price="9.99"), total="29.97"),
        None,
        [("ITEM", True, "29.97", "0")],
    ),
    "a cent a unit lost in rounding": (
        order(sold(3, unit_price="3.33"), total="10.00"),
        None,
        [("ITEM", True, "9.99", "0")],
    ),
    "three cents of three units lost in rounding": (
        order(sold(3, parts={"ITEM": "10.00", "TAX": "0.80"}), total="10.83"),
        False,
        [("ITEM", True, "10.00", "0.80")],
    ),
}


@pytest.mark.parametrize(("sale", "tax_included", "charges"), CASES.values(), ids=CASES)
def test_parts_make_the_total(sale, tax_included, charges):
    found = reconcile(sale, CENT)
    assert (found.tax_included, told(found)) == (tax_included, charges)
    assert found.total == (sale.grand_total or money("15.40"))
    assert abs(makes(found) - found.total.amount) <= CENT * sum(item.quantity_ordered for item in sale.items)


def remitted(sale):
    items = tuple(replace(item, tax_collections=FACILITATED) for item in sale.items)
    return replace(sale, items=items)


WITHOUT_TAX_IN_PRICES = {
    "tax apart of many units is no rounding": (
        remitted(order(sold(300, parts={"ITEM": "60.00", "TAX": "2.48"}), total="60.00")),
        [("ITEM", True, "60.00", "0")],
    ),
    "tax of the whole order below zero": (
        remitted(order(sold(1, parts={"ITEM": "100.00"}), total="108.00", parts={"ITEM": "100.00", "TAX": "-8.00"})),
        [("ITEM", True, "100.00", "0"), ("OTHER", False, "0", "8.00")],
    ),
    "an item that has a total only": (
        remitted(order(sold(1, "108.00"), total="108.00", parts={"ITEM": "100.00", "TAX": "8.00"})),
        [("ITEM", True, "100.00", "8.00")],
    ),
}


@pytest.mark.parametrize(("sale", "charges"), WITHOUT_TAX_IN_PRICES.values(), ids=WITHOUT_TAX_IN_PRICES)
def test_where_prices_hold_no_tax(sale, charges):
    assert told(reconcile(sale, CENT, prices_hold_tax=False)) == charges


def test_tax_inside_the_totals_of_several_items_waits_where_prices_hold_none():
    sale = remitted(
        order(sold(1, "108.00"), sold(1, "54.00"), total="162.00", parts={"ITEM": "150.00", "TAX": "12.00"})
    )
    with pytest.raises(Irreconcilable):
        reconcile(sale, CENT, prices_hold_tax=False)


@pytest.mark.parametrize(
    "sale",
    [
        order(sold(1), replaces="250-0"),
        order(sold(1, parts={"ITEM": "0.00"}, unit_price="0.00"), replaces="250-0"),
        order(sold(1, "0.00"), replaces="250-0"),
        order(sold(1), total="0.00", replaces="250-0"),
    ],
    ids=["not a word", "zeros", "an item's total", "a grand total"],
)
def test_free_replacement_brings_nothing(sale):
    found = reconcile(sale, CENT)
    assert (found.total.amount, found.tax_included, makes(found)) == (0, None, 0)


def test_free_replacement_without_money_has_no_charges():
    assert reconcile(order(sold(1), replaces="250-0"), CENT) == Proceeds(Money(Decimal(), ""), None, ())


IRRECONCILABLE = {
    "a cent too much": (order(sold(1, parts={"ITEM": "10.00"}), total="10.02"), "10.00", "10.02"),
    "a cent too little": (order(sold(2, parts={"ITEM": "10.00", "TAX": "1.00"}), total="9.97"), "10.00", "9.97"),
    "half of the tax": (order(sold(1, parts={"ITEM": "10.00", "TAX": "1.00"}), total="10.60"), "11.00", "10.60"),
    "no units to lose a cent in": (order(sold(0, "10.00"), total="10.01"), "10.00", "10.01"),
    "a part that is not told": (order(sold(1, parts={"SHIPPING": "5.00"}), total="25.00"), "5.00", "25.00"),
    "an order of nothing": (order(total="1.00"), "0", "1.00"),
    "either of two charges may lower it": (
        order(sold(1, parts={"ITEM": "10.00", "FEE_A": "2.00", "FEE_B": "2.00"}), total="10.00"),
        "14.00",
        "10.00",
    ),
    "a tax that Amazon keeps, and the company owes": (
        order(sold(1, parts={"ITEM": "119.00", "TAX": "19.00"}), total="100.00"),
        "119.00",
        "100.00",
    ),
}


@pytest.mark.parametrize(("sale", "parts", "total"), IRRECONCILABLE.values(), ids=IRRECONCILABLE)
def test_parts_that_do_not_make_the_total_are_told(sale, parts, total):
    with pytest.raises(Irreconcilable) as caught:
        reconcile(sale, CENT)
    assert (caught.value.parts, caught.value.total) == (Decimal(parts), money(total))


NO_TOTAL = {
    "no money, and no replacement": order(sold(1)),
    "an order of nothing": order(),
    "a price and no total": order(sold(1, unit_price="9.99")),
    "parts and no total": order(sold(1, parts={"ITEM": "9.99"})),
    "a total of one item only": order(sold(1, "9.99"), sold(1)),
    "a replacement that costs, and no total": order(sold(1, unit_price="9.99"), replaces="250-0"),
    "items in two currencies": order(sold(1, "5.00"), sold(1, "5.00", currency="EUR")),
}


@pytest.mark.parametrize("sale", NO_TOTAL.values(), ids=NO_TOTAL)
def test_order_without_a_total_is_told(sale):
    with pytest.raises(Irreconcilable) as caught:
        reconcile(sale, CENT)
    assert (caught.value.parts, caught.value.total) == (None, None)


@pytest.mark.parametrize(
    "item",
    [
        sold(1, "10.00", currency="CAD"),
        sold(1, "10.00", {"ITEM": "10.00"}, currency="CAD"),
        sold(1, unit_price="10.00", currency="CAD"),
    ],
    ids=["total", "parts", "price"],
)
def test_item_in_another_currency_than_the_order_is_told(item):
    with pytest.raises(Irreconcilable) as caught:
        reconcile(order(item, total="10.00"), CENT)
    assert caught.value.total == money("10.00")


def test_where_prices_hold_no_tax_that_amazon_remits_is_read_as_part_of_them():
    parts = {"ITEM": "100.00", "TAX": "8.25"}
    remitted = replace(sold(1, parts=parts), tax_collections=FACILITATED)
    found = reconcile(order(remitted, total="100.00"), CENT, prices_hold_tax=False)
    assert (found.tax_included, told(found)) == (None, [("ITEM", True, "100.00", "0")])
    owed = reconcile(order(sold(1, parts=parts), total="100.00"), CENT, prices_hold_tax=False)
    assert (owed.tax_included, told(owed)) == (True, [("ITEM", True, "100.00", "8.25")])


def test_item_totals_tell_which_way_the_parts_are_read():
    """The order alone could be read with either charge below zero."""
    first = sold(1, "8.00", {"ITEM": "10.00", "FEE_A": "2.00"})
    second = sold(1, "12.00", {"ITEM": "10.00", "FEE_B": "2.00"})
    found = reconcile(order(first, second, total="20.00"), CENT)
    assert [row[2] for row in told(found)] == ["10.00", "-2.00", "10.00", "2.00"]


def test_reading_that_an_item_contradicts_does_not_count():
    """16 units may lose 16 cents, which lets the tax pass as added; the last item's total rules it out."""
    first = sold(1, parts={"ITEM": "6.76", "GIFT_WRAP": "2.03", "RECYCLING": "2.08", "TAX": "1.47"})
    second = sold(9, parts={"ITEM": "9.76", "RECYCLING": "3.09", "TAX": "1.63"})
    third = sold(6, "6.00", {"ITEM": "6.00", "TAX": "1.00"})
    with pytest.raises(Irreconcilable):
        reconcile(order(first, second, third, total="23.53"), CENT)


def test_reading_that_needs_rounding_is_no_rival_of_an_exact_one():
    """Without the tip, the prices are a yen from the total, which 17 units may lose; with it, less the tax, they are
    the total."""
    first = replace(sold(8, parts={"ITEM": "8", "TAX": "1"}, currency="JPY"), tax_collections=FACILITATED)
    second = replace(
        sold(9, parts={"ITEM": "16", "SHIPPING": "1", "TAX": "2"}, currency="JPY"), tax_collections=FACILITATED
    )
    found = reconcile(order(first, second, total="26", parts={"DELIVERY_TIP": "4"}, currency="JPY"), YEN)
    assert ("DELIVERY_TIP", False, "4", "0") in told(found)
    assert (makes(found), found.tax_included) == (26, None)


def test_reading_of_undocumented_charges_fits_by_chance():
    """Less the tax, with the credit added, it is the total; with the tax inside, less the credit, a yen from it."""
    parts = {"ITEM": "73", "CREDIT": "3", "SHIPPING": "3", "TAX": "7"}
    item = replace(sold(1, "73", parts, currency="JPY"), tax_collections=FACILITATED)
    with pytest.raises(Irreconcilable):
        reconcile(order(item, total="72", currency="JPY"), YEN)


def test_item_total_that_nothing_makes_stops_no_order():
    assert told(reconcile(order(sold(1, "7.77", {"ITEM": "10.00"}), total="10.00"), CENT)) == [
        ("ITEM", True, "10.00", "0")
    ]


def test_tolerance_is_a_unit_of_the_currency():
    sale = order(sold(3, unit_price="333", currency="JPY"), total="1000", currency="JPY")
    assert makes(reconcile(sale, YEN)) == 999
    with pytest.raises(Irreconcilable):
        reconcile(sale, CENT)


# === ANY ORDER === #

AMOUNTS = st.decimals(0, 10_000, places=2)
ANY_AMOUNTS = st.decimals(-10_000, 10_000, places=2)
PROPERTY = settings(max_examples=300, deadline=None)


@st.composite
def reconcilable(draw):
    """An order whose parts make its total but for the rounding, with the tax it names in and whether that is added."""
    sign = draw(st.sampled_from([1, -1]))
    items, net, tax = [], Decimal(), Decimal()
    for _ in range(draw(st.integers(1, 4))):
        parts = {"ITEM": draw(AMOUNTS)} | draw(st.dictionaries(st.sampled_from(KINDS), AMOUNTS))
        off = parts.get("DISCOUNT", Decimal())
        net += sum(parts.values()) - 2 * off
        item_tax = draw(AMOUNTS)
        tax += item_tax
        told_parts = parts | ({"DISCOUNT": sign * off} if off else {}) | ({"TAX": item_tax} if item_tax else {})
        named = draw(st.dictionaries(st.sampled_from(KINDS), AMOUNTS)) if item_tax else {}
        items.append(sold(draw(st.integers(1, 5)), parts=told_parts, tax=named))
    tip = draw(st.none() | AMOUNTS)
    units = sum(item.quantity_ordered for item in items)
    lost = draw(st.integers(-units, units)) * CENT
    added = draw(st.booleans())
    total = net + (tip or 0) + (tax if added else 0) + lost
    return order(*items, total=total, parts={} if tip is None else {"DELIVERY_TIP": tip}), tax


@PROPERTY
@given(case=reconcilable())
def test_any_order_that_adds_up_is_reconciled(case):
    sale, tax = case
    found = reconcile(sale, CENT)
    assert abs(makes(found) - found.total.amount) <= CENT * sum(item.quantity_ordered for item in sale.items)
    assert sum(charge.tax for charge in found.charges) == tax
    assert (found.tax_included is None) is (tax == 0)
    assert all(charge.amount <= 0 for charge in found.charges if charge.kind == "DISCOUNT")


BREAKDOWNS = st.lists(st.tuples(st.sampled_from([*KINDS, "TAX", "DELIVERY_TIP", "NEWS"]), ANY_AMOUNTS), max_size=5)
ANY_MONEY = st.none() | st.builds(Money, ANY_AMOUNTS, st.sampled_from(["USD", "EUR"]))
ANY_ITEMS = st.lists(
    st.builds(
        SoldItem,
        item_id=st.just("1"),
        seller_sku=st.none(),
        title=st.none(),
        quantity_ordered=st.integers(0, 10**6),
        quantity_fulfilled=st.none(),
        total=ANY_MONEY,
        breakdown=BREAKDOWNS.map(tuple),
        unit_price=ANY_MONEY,
        tax=BREAKDOWNS.map(tuple),
    ),
    max_size=3,
)


@PROPERTY
@given(items=ANY_ITEMS, total=ANY_MONEY, breakdown=BREAKDOWNS, replaces=st.sampled_from([None, "250-0"]))
def test_any_order_is_reconciled_or_told(items, total, breakdown, replaces):
    sale = replace(order(*items, replaces=replaces), grand_total=total, breakdown=tuple(breakdown))
    try:
        found = reconcile(sale, CENT)
    except Irreconcilable as error:
        assert (error.parts is None) is (error.total is None)
    else:
        assert abs(makes(found) - found.total.amount) <= CENT * sum(item.quantity_ordered for item in items)
        assert all(isinstance(charge, Charge) and charge.kind != "TAX" for charge in found.charges)
