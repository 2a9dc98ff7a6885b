"""What Amazon would reject is refused before it is sent, in words that name the field and the order."""

import dataclasses

import pytest
from fba_amazon import Address, CreateItem, InvalidRequest, PreviewOrder, UpdateOrder, errors
from fba_amazon.outbound_2020_07_01 import dump_order, dump_preview, dump_update

from .payloads import ORDER


def items(count, quantity=1):
    return tuple(CreateItem(f"i{number}", "SKU", quantity) for number in range(count))


def order(**changes):
    """ORDER with other fields; those of the address by their own names."""
    parts = {name: value for name, value in changes.items() if name in Address.__dataclass_fields__}
    rest = {name: value for name, value in changes.items() if name not in parts}
    return dataclasses.replace(ORDER, address=dataclasses.replace(ORDER.address, **parts), **rest)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"order_id": ""}, "sellerFulfillmentOrderId", "the order id is missing"),
        ({"order_id": "x" * 41}, "sellerFulfillmentOrderId", "has 41 characters, the limit is 40"),
        ({"order_id": "S 1+2"}, "sellerFulfillmentOrderId", "may contain only A-Z a-z 0-9 _ -"),
        ({"displayable_order_id": " "}, "displayableOrderId", "the order number is missing"),
        ({"displayable_order_id": "x" * 41}, "displayableOrderId", "has 41 characters"),
        ({"displayable_order_id": "注文1"}, "displayableOrderId", "outside ISO 8859-1"),
        ({"displayable_order_id": "S  1"}, "displayableOrderId", "two spaces in a row"),
        ({"comment": ""}, "displayableOrderComment", "the comment is missing"),
        ({"comment": "x" * 751}, "displayableOrderComment", "751 characters, the limit is 750"),
        (
            {"shipping_speed": "Fast"},
            "shippingSpeedCategory",
            "the shipping speed must be one of Standard, Expedited, Priority",
        ),
        ({"policy": "FillSome"}, "fulfillmentPolicy", "the fulfillment policy must be one of FillOrKill"),
        ({"features": ("GIFT_BOX",)}, "featureConstraints", "the feature must be one of BLANK_BOX, BLOCK_AMZL"),
        ({"notification_emails": ("x" * 65,)}, "notificationEmails", "65 characters, the limit is 64"),
        ({"name": ""}, "destinationAddress.name", "the name is missing"),
        ({"line1": None}, "destinationAddress.addressLine1", "the street is missing"),
        ({"city": ""}, "destinationAddress.city", "the city is missing"),
        ({"postal_code": "  "}, "destinationAddress.postalCode", "the postal code is missing"),
        ({"country_code": False}, "destinationAddress.countryCode", "the country is missing"),
        ({"country_code": "Germany"}, "destinationAddress.countryCode", "must be a code of two letters"),
        ({"country_code": "JP"}, "destinationAddress.city", "the city must be empty in Japan"),
        ({"name": "Eva\x00"}, "destinationAddress.name", "U+0000"),
        ({"line2": "a\nb"}, "destinationAddress.addressLine2", "U+000A"),
        ({"state": "\ud800"}, "destinationAddress.stateOrRegion", "U+D800"),
        ({"phone": "\uffff"}, "destinationAddress.phone", "U+FFFF"),
        ({"name": "x" * 51}, "destinationAddress.name", "the name has 51 characters, the limit is 50"),
        ({"line1": "x" * 61}, "destinationAddress.addressLine1", "the street has 61 characters, the limit is 60"),
        ({"line2": "x" * 61}, "destinationAddress.addressLine2", "the second line of the street has 61 characters"),
        ({"line3": "x" * 61}, "destinationAddress.addressLine3", "the third line of the street has 61 characters"),
        ({"city": "x" * 51}, "destinationAddress.city", "the city has 51 characters, the limit is 50"),
        ({"state": "x" * 151}, "destinationAddress.stateOrRegion", "the state has 151 characters, the limit is 150"),
        (
            {"postal_code": "1" * 21},
            "destinationAddress.postalCode",
            "the postal code has 21 characters, the limit is 20",
        ),
        ({"phone": "1" * 21}, "destinationAddress.phone", "the phone number has 21 characters, the limit is 20"),
        ({"items": ()}, "items", "nothing to fulfill"),
        ({"items": items(101)}, "items", "the order has 101 lines, the limit is 100"),
        ({"items": items(2, 126)}, "items", "the order has 252 units, the limit is 250"),
        ({"items": items(1) * 2}, "items", "the same id"),
        ({"items": items(1, 0)}, "items[0].quantity", "the quantity of line 1 must be a whole number above zero"),
        ({"items": items(1, -1)}, "items[0].quantity", "must be a whole number"),
        ({"items": items(1, 1.5)}, "items[0].quantity", "must be a whole number"),
        ({"items": items(1, True)}, "items[0].quantity", "must be a whole number"),
        ({"items": (CreateItem("i", "x" * 51, 1),)}, "items[0].sellerSku", "the seller SKU of line 1 has 51"),
        ({"items": (CreateItem("i", "", 1),)}, "items[0].sellerSku", "the seller SKU of line 1 is missing"),
        ({"items": (CreateItem("x" * 51, "A", 1),)}, "items[0].sellerFulfillmentOrderItemId", "51 characters"),
    ],
)
def test_create_of_what_amazon_would_reject_sends_nothing(stub, gateway, changes, field, words):
    bad = order(**changes)
    with pytest.raises(InvalidRequest) as caught:
        gateway.create_fulfillment_order(bad)
    assert stub.calls == stub.token_calls == []
    assert caught.value.code == field
    assert words in caught.value.user_message
    assert caught.value.user_message.startswith(f"{bad.order_id}: ")


def test_create_with_several_faults_names_them_all_and_quotes_none():
    with pytest.raises(InvalidRequest) as caught:
        dump_order(order(city="", name="Secret\x07", postal_code=""))
    assert caught.value.user_message == (
        "ODOO-OUT-00042: the name contains the character U+0007, which cannot be printed (destinationAddress.name); "
        "the postal code is missing (destinationAddress.postalCode); the city is missing (destinationAddress.city)"
    )
    assert str(caught.value) == "createFulfillmentOrder: destinationAddress.name"


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "x" * 40, "displayable_order_id": "Ä" * 40},
        {"comment": "Danke!\nBis bald\t☺" + "x" * 733},
        {"items": items(100, 2) + (CreateItem("last", "x" * 50, 50),)[:0]},
        {"items": items(1, 250)},
        {"country_code": "JP", "city": None},
        {"name": "Ева 伊娃 😀", "line1": "شارع ١" * 10},
        {
            "name": "伊" * 50,
            "line1": "x" * 60,
            "line2": "x" * 60,
            "line3": "x" * 60,
            "city": "x" * 50,
            "state": "x" * 150,
            "postal_code": "1" * 20,
            "phone": "1" * 20,
        },
    ],
)
def test_create_within_the_limits_is_sent(stub, gateway, changes):
    gateway.create_fulfillment_order(order(**changes))
    assert len(stub.calls) == 1


def test_update_and_preview_are_checked_alike():
    bad = dataclasses.replace(ORDER.address, postal_code="")
    with pytest.raises(InvalidRequest) as caught:
        dump_update(UpdateOrder("O-1", address=bad, shipping_speed="Fast"))
    assert caught.value.code == "shippingSpeedCategory"
    with pytest.raises(InvalidRequest) as caught:
        dump_preview(PreviewOrder("O-1", bad, items(1, 0), None))
    assert caught.value.code == "address.postalCode"


@pytest.mark.parametrize(
    ("changes", "field", "remedy"),
    [
        ({"postal_code": ""}, errors.ADDRESS, errors.CORRECT_ADDRESS),
        ({"phone": "\uffff"}, errors.ADDRESS, errors.CORRECT_ADDRESS),
        ({"name": "x" * 51}, errors.ADDRESS, errors.CORRECT_ADDRESS),
        ({"country_code": "Germany"}, errors.ADDRESS, errors.CORRECT_ADDRESS),
        ({"items": (CreateItem("i", "", 1),)}, errors.SKU, errors.MAP_SKU),
        ({"comment": ""}, errors.COMMENT, errors.CHANGE_COMMENT),
        ({"features": ("GIFT_BOX",)}, errors.FEATURES, errors.CHANGE_FEATURES),
        # Of several the first, as for `code`.
        ({"comment": "", "postal_code": ""}, errors.COMMENT, errors.CHANGE_COMMENT),
        ({"order_id": ""}, None, errors.OTHER_ID),
        ({"shipping_speed": "Fast"}, None, errors.CHANGE_SPEED),
        ({"notification_emails": ("",)}, None, None),
        ({"items": items(1, 0)}, None, None),
        ({"items": items(101)}, None, errors.SPLIT_ORDER),
        ({"items": items(2, 126)}, None, errors.SPLIT_ORDER),
    ],
)
def test_create_that_is_not_sent_says_what_it_is_about_and_what_to_do(changes, field, remedy):
    with pytest.raises(InvalidRequest) as caught:
        dump_order(order(**changes))
    assert (caught.value.field, caught.value.remedy, caught.value.item_id) == (field, remedy, None)


def test_preview_that_is_not_sent_says_what_it_is_about():
    with pytest.raises(InvalidRequest) as caught:
        dump_preview(PreviewOrder("O-1", dataclasses.replace(ORDER.address, city=""), ORDER.items, None))
    assert caught.value.field == errors.ADDRESS
