"""Rows of the shipments report, and the keys of those that have none."""

from fba_amazon import shipped_items
from fba_amazon.shipped_items import MADE_UP

ROW = {
    "amazon-order-id": "111-1",
    "shipment-item-id": "",
    "amazon-order-item-id": "55",
    "shipment-id": "D1",
    "sku": "A",
    "quantity-shipped": "1",
    "tracking-number": "1Z1",
}


def keys(*rows):
    return [item.shipment_item_id for item in shipped_items(rows)]


def test_amazons_key_is_kept():
    assert keys({**ROW, "shipment-item-id": " K1 "}) == ["K1"]


def test_row_without_a_key_gets_one_of_its_own():
    rows = [ROW, {**ROW, "amazon-order-item-id": "56"}, {**ROW, "shipment-id": "D2"}, {**ROW, "sku": "B"}]
    rows += [{**ROW, "amazon-order-id": "111-2"}, {**ROW, "tracking-number": "1Z2"}]
    found = keys(*rows)
    assert len(set(found)) == 6
    assert all(key.startswith(MADE_UP) for key in found)
    assert keys(*rows) == found, "the same in the next report"


def test_row_without_a_key_has_it_whatever_else_the_report_holds():
    others = [{**ROW, "amazon-order-id": "111-9"}, {**ROW, "shipment-item-id": "K1"}]
    later = {**ROW, "tracking-number": "1Z9", "carrier": "UPS"}
    assert keys(*others, later)[-1:] == keys(ROW)


def test_column_that_is_missing_is_as_good_as_blank():
    assert keys({name: value for name, value in ROW.items() if name != "shipment-item-id"}) == keys(ROW)


def test_row_that_nothing_identifies_is_left_out():
    assert keys({"amazon-order-id": "111-1", "quantity-shipped": "1"}, {**ROW, "amazon-order-id": ""}) == []
