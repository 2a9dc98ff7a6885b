"""Limits of an outbound order: one value, which every check reads."""

import dataclasses

import pytest
from fba_amazon import Gateway, InvalidRequest, OutboundLimits, PreviewOrder, UpdateOrder, outbound, outbound_2020_07_01
from fba_amazon.outbound_2020_07_01 import dump_order, dump_preview, dump_update

from .payloads import ORDER


def test_limits_are_those_of_the_version():
    assert Gateway.limits == OutboundLimits(
        lines=100,
        units=250,
        order_id_length=40,
        order_id_pattern=r"[A-Za-z0-9_-]+",
        displayable_id_length=40,
        displayable_id_pattern=r"(?!.*  )[\x20-\x7e\xa0-\xff]+",
        item_id_length=50,
        sku_length=50,
        comment_length=750,
        email_length=64,
        address_name_length=50,
        address_line_length=60,
        city_length=50,
        state_length=150,
        postal_code_length=20,
        phone_length=20,
        speeds=("Standard", "Expedited", "Priority"),
        policies=("FillOrKill", "FillAll", "FillAllAvailable"),
        features=("BLANK_BOX", "BLOCK_AMZL", "SIGNATURE_CONFIRMATION"),
        hold_days=14,
    )


def test_limits_are_known_without_a_connection_and_with_one(gateway):
    assert gateway.limits is Gateway.limits is outbound_2020_07_01.LIMITS


def test_limits_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Gateway.limits.lines = 101


FULL = dataclasses.replace(
    ORDER,
    address=dataclasses.replace(ORDER.address, state="BE", phone="+49 30"),
    notification_emails=("eva@example.com",),
    features=(outbound.BLANK_BOX,),
)


@pytest.mark.parametrize(
    ("smaller", "field"),
    [
        ({"lines": 0}, "items"),
        ({"units": 1}, "items"),
        ({"order_id_length": 4}, "sellerFulfillmentOrderId"),
        ({"order_id_pattern": "[a-z]+"}, "sellerFulfillmentOrderId"),
        ({"displayable_id_length": 4}, "displayableOrderId"),
        ({"displayable_id_pattern": "[a-z]+"}, "displayableOrderId"),
        ({"item_id_length": 4}, "items[0].sellerFulfillmentOrderItemId"),
        ({"sku_length": 4}, "items[0].sellerSku"),
        ({"comment_length": 1}, "displayableOrderComment"),
        ({"email_length": 4}, "notificationEmails"),
        ({"address_name_length": 9}, "destinationAddress.name"),
        ({"address_line_length": 9}, "destinationAddress.addressLine1"),
        ({"city_length": 5}, "destinationAddress.city"),
        ({"state_length": 1}, "destinationAddress.stateOrRegion"),
        ({"postal_code_length": 4}, "destinationAddress.postalCode"),
        ({"phone_length": 4}, "destinationAddress.phone"),
        ({"speeds": ("Priority",)}, "shippingSpeedCategory"),
        ({"policies": ("FillAll",)}, "fulfillmentPolicy"),
        ({"features": ()}, "featureConstraints"),
    ],
)
def test_create_beyond_a_limit_names_its_field(monkeypatch, smaller, field):
    dump_order(FULL)
    monkeypatch.setattr(outbound_2020_07_01, "LIMITS", dataclasses.replace(Gateway.limits, **smaller))
    with pytest.raises(InvalidRequest) as caught:
        dump_order(FULL)
    assert caught.value.code == field


def test_update_and_preview_read_the_same_limits(monkeypatch):
    update = UpdateOrder("O-1", comment="New", items=ORDER.items)
    preview = PreviewOrder("O-1", ORDER.address, ORDER.items, None)
    monkeypatch.setattr(outbound_2020_07_01, "LIMITS", dataclasses.replace(Gateway.limits, units=1))
    for dump, order in ((dump_update, update), (dump_preview, preview)):
        with pytest.raises(InvalidRequest, match="items"):
            dump(order)


@pytest.mark.parametrize("part", ["line2", "line3"])
def test_every_line_of_the_street_has_the_limit(part):
    address = dataclasses.replace(ORDER.address, **{part: "x" * 61})
    with pytest.raises(InvalidRequest, match=f"addressLine{part[-1]}"):
        dump_order(dataclasses.replace(ORDER, address=address))


def test_preview_asks_for_every_speed():
    preview = PreviewOrder("O-1", ORDER.address, ORDER.items, None)
    assert dump_preview(preview)["shippingSpeedCategories"] == ["Standard", "Expedited", "Priority"]
