"""A refusal says which part of the order it is about, and which line, so that nobody else reads Amazon's words."""

import pytest
from fba_amazon import AlreadyExists, NotFound, Rejected, because, errors

from .payloads import ORDER
from .stub import error


def refused(stub, gateway, message, status=400, code="InvalidInput"):
    stub.api = [error(status, code, message)]
    with pytest.raises(Rejected) as caught:
        gateway.create_fulfillment_order(ORDER)
    return caught.value


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("Invalid destinationAddress", errors.ADDRESS),
        ("The PostalCode is not valid.", errors.ADDRESS),
        ("City is missing", errors.ADDRESS),
        ("stateOrRegion is missing", errors.ADDRESS),
        ("We do not ship to this country.", errors.ADDRESS),
        ("PHONE has too many characters", errors.ADDRESS),
        ("the SellerSKU for Item Id: 17 is invalid", errors.SKU),
        ("Value for displayableOrderComment is too long", errors.COMMENT),
        ("Feature BLANK_BOX is not available", errors.FEATURES),
        ("These constraints cannot be met", errors.FEATURES),
        ("no such thing", None),
        ("", None),
    ],
)
def test_rejection_says_what_it_is_about(stub, gateway, message, field):
    assert refused(stub, gateway, message).field == field


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("No feature for this SKU at this address, see the comment", errors.ADDRESS),
        ("A comment on the feature of a SKU", errors.SKU),
        ("The feature has no comment", errors.COMMENT),
    ],
)
def test_rejection_about_several_parts_names_the_first_of_our_order(stub, gateway, message, field):
    assert refused(stub, gateway, message).field == field


def test_rejection_whose_code_names_the_part_says_it_too(stub, gateway):
    assert refused(stub, gateway, "no", code="InvalidSku").field == errors.SKU


@pytest.mark.parametrize(
    ("message", "item_id"),
    [
        ("the SellerSKU for Item Id: 17 is invalid", "17"),
        ("Item Id: a_1, Item Id: b_2", "a_1"),
        ("the SellerSKU is invalid", None),
        ("item id: 17", None),
        ("SomeItem Id: 17", None),
        ("Item Id: ", None),
    ],
)
def test_rejection_of_a_line_names_its_id(stub, gateway, message, item_id):
    assert refused(stub, gateway, message).item_id == item_id


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("the SellerSKU for Item Id: 17 is invalid.", "InvalidInput: the SellerSKU for LAMP-1 is invalid"),
        ("Item Id: 17 and Item Id: 18", "InvalidInput: LAMP-1 and CHAIR-2"),
        ("Item Id: 19 is invalid", "InvalidInput: Item Id: 19 is invalid"),
        ("Item Id: 170 is invalid", "InvalidInput: Item Id: 170 is invalid"),
        ("Not now...", "InvalidInput: Not now"),
        ("", "InvalidInput"),
    ],
)
def test_rejection_is_quoted_with_a_persons_words_for_the_lines(stub, gateway, message, said):
    rejected = refused(stub, gateway, message)
    assert str(rejected.says({"17": "LAMP-1", "18": "CHAIR-2"})) == said


def test_words_for_a_line_are_taken_as_they_are(stub, gateway):
    rejected = refused(stub, gateway, "Item Id: 17 is invalid")
    assert str(rejected.says({"17": r"\1 \g<0>"})) == r"InvalidInput: \1 \g<0> is invalid"


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [
        (NotFound, 404, "the SKU for Item Id: 17 is not known"),
        (AlreadyExists, 400, "A create request already exists for the SKU of Item Id: 17"),
    ],
)
def test_every_kind_of_rejection_says_it(stub, gateway, kind, status, message):
    rejected = refused(stub, gateway, message, status)
    assert type(rejected) is kind
    assert (rejected.field, rejected.item_id) == (errors.SKU, "17")


def test_rejection_made_by_hand_says_nothing():
    rejected = Rejected(because("quote", words="no"), operation="test")
    assert (rejected.field, rejected.item_id, str(rejected.says({}))) == (None, None, "no")


def test_log_does_not_quote_the_line(stub, gateway):
    rejected = refused(stub, gateway, "the SellerSKU for Item Id: secret17 is invalid")
    assert "secret17" not in str(rejected) + repr(rejected)
