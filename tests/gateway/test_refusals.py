"""Every refusal of an outbound order that is known from public sources: what it is about, and what a person can do.

Sources: m# and d# are issues of amzn/selling-partner-api-models and of selling-partner-api-docs; "model" is Amazon's
own of Fulfillment Outbound, by version; MWS is the same service before SP-API.
"""

import re

import pytest
from fba_amazon import AlreadyExists, Rejected, errors, outbound_2020_07_01, remedy_of_reason, reports_2021_06_30
from fba_amazon.errors import (
    ADDRESS,
    ASK_AMAZON,
    CHANGE_COMMENT,
    CHANGE_FEATURES,
    CHANGE_SPEED,
    COMMENT,
    CORRECT_ADDRESS,
    DECLARED_VALUE,
    ENABLE_MCF,
    FEATURES,
    MAP_SKU,
    MORE_STOCK,
    OTHER_ID,
    OTHER_WAREHOUSE,
    RETRY_LATER,
    SKU,
    SPLIT_ORDER,
)
from fba_amazon.outcome import read_answer
from fba_amazon.refusals import about
from fba_amazon.wire import Answer

from .payloads import ORDER
from .stub import error

CREATE = outbound_2020_07_01.CREATE.name
BREXIT = (
    "This order cannot be fulfilled due to Brexit preventing cross-border fulfillment via EFN and Pan-European FBA "
    "starting December 28, 2020. To maintain your European sales, you will need to send products to fulfillment "
    "centers in the UK and the EU. See https://sellercentral-europe.amazon.com/gc/sell-online/brexit for more details."
)
# (source, code, message, field, remedy); the code is InvalidInput where the source does not name another.
PUBLISHED = [
    ("d#1136, m#1665, d#613, m#1229", "InvalidInput", "Value NotEligibleForExport for parameter Item is invalid",
     None, OTHER_WAREHOUSE),
    ("m#1637, d#1094, d#703, m#1317, d#838; of a preview d#1083, m#1627", "InvalidInput", BREXIT,
     None, OTHER_WAREHOUSE),
    ("MWS: django-oscar/django-oscar-mws, notes.rst", "InvalidRequestException",
     "Value US for parameter DestinationAddress.CountryCode is invalid. Reason: InvalidValue.",
     ADDRESS, OTHER_WAREHOUSE),
    ("Extensiv, Amazon FBA: Common Errors and Troubleshooting", "InvalidInput",
     "Value for parameter DestinationAddress.CountryCode is invalid. Reason: InvalidValue.", ADDRESS, OTHER_WAREHOUSE),
    ("m#2979, d#2407, d#2715; wimm/spree_fulfillment", "InvalidInput", "the SellerSKU for Item Id: xxxx-0 is invalid.",
     SKU, MAP_SKU),
    ("Ordoro, Amazon FBA Order Routing Errors", "InvalidInput", "The SellerSKU for Item Id: 1 is invalid",
     SKU, MAP_SKU),
    ("Ordoro, the same page", "InvalidInput", "Inventory unavailable for order", None, MORE_STOCK),
    ("Ordoro, the same page", "InvalidInput", "Delivery SLA is Unavailable", None, CHANGE_SPEED),
    ("Amazon's accelerator for IBM Sterling", "InvalidInput", "insufficient quantity unavailable", None, MORE_STOCK),
    ("model 2026-07-04", "ItemQuantityNotAvailable", "There is not enough quantity of item xyz.", None, MORE_STOCK),
    ("model 2026-07-04", "ItemQuantityNotAvailable", "There is not enough of quantity xyz.", None, MORE_STOCK),
    ("model 2026-07-04", "DeliverySLAUnavailable", "EXPEDITED delivery unavailable for FRN-DSK-MCM-CHR-001",
     None, CHANGE_SPEED),
    ("model 2026-07-04", "InvalidParameterValue", "The value 'abc' is invalid for EmailAddress.", None, None),
    ("MWS: lineofflight/peddler#102; an Etsy connector of 2026", "InvalidInput",
     "The request must contain the parameter PerUnitDeclaredValue.", None, DECLARED_VALUE),
    ("MWS: lineofflight/peddler#102", "InvalidInput",
     "The field PerUnitDeclaredValue has a value of USD, was expecting CAD", None, DECLARED_VALUE),
    ("m#4983", "InvalidInput", "Region does not support feature: BLANK_BOX",
     FEATURES, CHANGE_FEATURES),
    ("an Etsy connector of 2026", "InvalidInput", "Region does not support feature: BLOCK_AMZL",
     FEATURES, CHANGE_FEATURES),
    ("m#4983", "InvalidInput",
     "Must be BLANK_BOX or BLOCK_AMZL or PRIME_ELIGIBILITY or DELIVER_TOGETHER or SIGNATURE_CONFIRMATION or "
     "ADULT_SIGNATURE_CONFIRMATION.", FEATURES, CHANGE_FEATURES),
    ("m#236", "InvalidInput", "The following required parameters are missing: [PostalCode, City]",
     ADDRESS, CORRECT_ADDRESS),
    ("jrl84/amazon-sp-api#249", "InvalidInput", "Request has invalid parameter: {Address.StateOrRegion=DC}",
     ADDRESS, CORRECT_ADDRESS),
    ("m#70", "InvalidInput",
     'Invalid request body: [object has missing required properties (["districtOrCounty"])]',
     ADDRESS, CORRECT_ADDRESS),
    ("MWS: django-oscar/django-oscar-mws, notes.rst", "InvalidRequestException",
     "Seller is not registered for Basic fulfillment.", None, ENABLE_MCF),
    ("m#1759, d#1249", "InvalidInput", "Value  for parameter SellerId is invalid. Reason: InvalidValue.",
     None, ASK_AMAZON),
    ("m#1925, d#1501", "InvalidInput", "SIPS Activity threw an InvalidRequestException", None, ASK_AMAZON),
    ("clousale/amazon-sp-api-php#127", "InvalidInput", "Invalid Input", None, ASK_AMAZON),
    ("m#1485, d#891; of a preview jlevers/selling-partner-api#542", "InvalidInput",
     "Missing value for decimal type", None, None),
    ("abuzuhri/Amazon-SP-API-CSharp#898", "InvalidInput", "The following parameters are invalid: {PerUnitPrice=}",
     None, None),
    ("MWS: lineofflight/peddler#68", "InvalidRequestException", "Value AllQuantityZero for parameter  is invalid.",
     None, None),
    ("an Etsy connector of 2026", "InvalidInput",
     "A create request already exists for MerchantFulfillmentOrderId ODOO-1", None, OTHER_ID),
    ("Ordoro, Amazon FBA Order Routing Errors", "InvalidInput", "Order is already in Amazon's system",
     None, OTHER_ID),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "message", "field", "remedy"), [pytest.param(*row[1:], id=row[0]) for row in PUBLISHED]
)
def test_published_refusal_says_what_it_is_about_and_what_to_do(stub, gateway, code, message, field, remedy):
    stub.api = [error(400, code, message)]
    with pytest.raises(Rejected) as caught:
        gateway.create_fulfillment_order(ORDER)
    assert (caught.value.field, caught.value.remedy) == (field, remedy)
    assert isinstance(caught.value, AlreadyExists) is (remedy == OTHER_ID)


# Of the same kinds, in words that nobody has published; Amazon changes its words.
KINDS = [
    ("This item is not eligible for export.", None, OTHER_WAREHOUSE),
    ("This SKU is not eligible for Multi-Channel Fulfillment.", None, OTHER_WAREHOUSE),
    ("Item is classified as hazmat", None, OTHER_WAREHOUSE),
    ("Dangerous goods cannot be sent by air", None, OTHER_WAREHOUSE),
    ("Value ATVPDKIKX0DER for parameter MarketplaceId is invalid", None, OTHER_WAREHOUSE),
    ("We do not ship to this country.", ADDRESS, OTHER_WAREHOUSE),
    ("Request has invalid parameter: {Address.CountryCode=PR}", ADDRESS, OTHER_WAREHOUSE),
    ("The country CH is not supported", ADDRESS, OTHER_WAREHOUSE),
    ("The country code is missing", ADDRESS, CORRECT_ADDRESS),
    ("Cannot deliver to a P.O. Box", ADDRESS, CORRECT_ADDRESS),
    ("The address is invalid. Please correct it and try again.", ADDRESS, CORRECT_ADDRESS),
    ("Your merchant account is not enrolled in multi-channel fulfillment", None, ENABLE_MCF),
    ("The selling account has been suspended", None, ENABLE_MCF),
    ("This account is not eligible for the feature BLANK_BOX", FEATURES, CHANGE_FEATURES),
    ("Too many items", None, SPLIT_ORDER),
    ("The number of items exceeds the maximum", None, SPLIT_ORDER),
    ("The order may have at most 250 units", None, SPLIT_ORDER),
    (
        "1 validation error detected: Value '[...]' at 'items' failed to satisfy constraint: Member must have length "
        "less than or equal to 100",
        None,
        SPLIT_ORDER,
    ),
    (
        "1 validation error detected: Value '' at 'destinationAddress.name' failed to satisfy constraint: Member must "
        "have length greater than or equal to 1",
        ADDRESS,
        CORRECT_ADDRESS,
    ),
    (
        "1 validation error detected: Value 'x' at 'sellerFulfillmentOrderId' failed to satisfy constraint: Member "
        "must have length less than or equal to 40",
        None,
        OTHER_ID,
    ),
    ("Insufficient inventory for the requested quantity", None, MORE_STOCK),
    ("The item is out of stock", None, MORE_STOCK),
    ("Value Priority for parameter ShippingSpeedCategory is invalid", None, CHANGE_SPEED),
    ("Expedited shipping is not available for this address", None, CHANGE_SPEED),
    ("Value for displayableOrderComment is too long", COMMENT, CHANGE_COMMENT),
    ("A temporary problem. Please try again later.", None, RETRY_LATER),
    ("Internal error", None, RETRY_LATER),
    ("Insufficient capacity", None, None),  # neither a city nor stock
    ("See the statement of the status", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("message", "field", "remedy"), KINDS)
def test_refusal_of_a_known_kind_says_so_in_other_words(message, field, remedy):
    assert about(CREATE, "InvalidInput", message) == (field, remedy)


@pytest.mark.parametrize(
    "message",
    [
        "A create request already exists for MerchantFulfillmentOrderId ODOO-1",
        "A CREATE REQUEST ALREADY EXISTS",
        "The merchant order id ODOO-1 is already in use",
        "Order with sellerFulfillmentOrderId ODOO-1 already exists",
        "SellerFulfillmentOrderId already exists.",
        "Fulfillment order ODOO-1 has already been created",
        "This order id has already been used",
        "Duplicate order id",
        "Duplicate fulfillment order ODOO-1",
    ],
)
@pytest.mark.parametrize("status", [400, 409])
def test_create_with_a_taken_id_already_exists_however_it_is_said(stub, gateway, message, status):
    stub.api = [error(status, "InvalidInput", message)]
    with pytest.raises(AlreadyExists) as caught:
        gateway.create_fulfillment_order(ORDER)
    assert caught.value.remedy == OTHER_ID


@pytest.mark.parametrize(
    "message",
    [
        "Duplicate SellerFulfillmentOrderItemId 17",
        "The order item id 17 already exists",
        "The order does not exist",
        "The SKU already exists in another marketplace",
        "The order is already shipped",
    ],
)
def test_create_refused_for_another_reason_does_not_already_exist(stub, gateway, message):
    stub.api = [error(400, "InvalidInput", message)]
    with pytest.raises(Rejected) as caught:
        gateway.create_fulfillment_order(ORDER)
    assert type(caught.value) is Rejected


@pytest.mark.parametrize(
    "operation",
    [
        outbound_2020_07_01.CANCEL,
        outbound_2020_07_01.GET,
        outbound_2020_07_01.LIST,
        outbound_2020_07_01.TRACK,
        reports_2021_06_30.CREATE,
    ],
)
@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("The order is in the state PROCESSING and cannot be cancelled", None),
        ("A create request already exists for the SKU", None),
        ("Value X for parameter SellerFulfillmentOrderId is invalid", None),
        ("Seller is not registered for Basic fulfillment.", ENABLE_MCF),
        ("Invalid Input", ASK_AMAZON),
        ("Please try again later", RETRY_LATER),
    ],
)
def test_refusal_of_what_sends_no_order_is_about_no_part_of_it(operation, message, remedy):
    body = re.sub("MESSAGE", message, '{"errors": [{"code": "InvalidInput", "message": "MESSAGE"}]}').encode()
    with pytest.raises(Rejected) as caught:
        read_answer(operation, Answer(400, {}, body), 1.0)
    assert type(caught.value) is Rejected
    assert (caught.value.field, caught.value.remedy) == (None, remedy)


@pytest.mark.parametrize("operation", [outbound_2020_07_01.UPDATE, outbound_2020_07_01.PREVIEW])
def test_refusal_of_an_update_or_a_preview_is_read_as_that_of_a_create(operation):
    assert about(operation.name, "InvalidInput", "the SellerSKU for Item Id: 1 is invalid.") == (SKU, MAP_SKU)
    assert about(operation.name, "InvalidInput", BREXIT) == (None, OTHER_WAREHOUSE)
    assert about(operation.name, "InvalidInput", "A create request already exists") == (None, None)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("DeliverySLAUnavailable", CHANGE_SPEED),  # model 2020-07-01, orderUnfulfillableReasons
        ("InvalidDestinationAddress", CORRECT_ADDRESS),  # the same
        ("InventoryUnavailable", MORE_STOCK),  # MWS FBAOutbound_Datatypes, ItemUnfulfillableReasons
        ("NoDeliveryOption", OTHER_WAREHOUSE),  # the same
        ("ItemQuantityNotAvailable", MORE_STOCK),  # model 2026-07-04
        ("MERCHANT_NOT_ENROLLED", CHANGE_FEATURES),  # model 2020-07-01, ineligibleReasons: "for the feature"
        ("SKU_NOT_ELIGIBLE", CHANGE_FEATURES),  # the same
        ("INVALID_SKU", MAP_SKU),  # the same
        ("NotEligibleForExport", OTHER_WAREHOUSE),  # of a create: d#1136
        ("INVENTORY_UNAVAILABLE", MORE_STOCK),
        ("Delivery SLA unavailable", CHANGE_SPEED),
        ("NOT_ELIGIBLE_FOR_EXPORT", OTHER_WAREHOUSE),
        ("TheMoonIsFull", None),
        ("", None),
    ],
)
def test_reason_of_a_preview_has_a_remedy(code, remedy):
    assert remedy_of_reason(code) == remedy


def test_every_remedy_is_one_of_the_list():
    used = {row[-1] for row in [*PUBLISHED, *KINDS]} - {None}
    assert used == errors.REMEDIES


def test_refusal_whose_details_alone_say_why_quotes_them(stub, gateway):
    stub.api = [error(400, "InvalidInput", "Invalid Input")]
    stub.api[0].body["errors"][0]["details"] = "The city is missing"
    with pytest.raises(Rejected) as caught:
        gateway.create_fulfillment_order(ORDER)
    assert caught.value.user_message == "InvalidInput: Invalid Input: The city is missing"
    assert (caught.value.field, caught.value.remedy) == (ADDRESS, CORRECT_ADDRESS)


@pytest.mark.parametrize("details", ["", None, [], "the SellerSKU", {"a": 1}])
def test_refusal_whose_details_say_no_more_is_quoted_without_them(stub, gateway, details):
    stub.api = [error(400, "InvalidInput", "the SellerSKU is invalid")]
    stub.api[0].body["errors"][0]["details"] = details
    with pytest.raises(Rejected) as caught:
        gateway.create_fulfillment_order(ORDER)
    assert caught.value.user_message == "InvalidInput: the SellerSKU is invalid"


def test_refusal_that_is_no_list_is_read(stub, gateway):
    stub.api = [error(400, "InvalidInput", "the SellerSKU is invalid")]
    stub.api[0].body["errors"] = stub.api[0].body["errors"][0]
    with pytest.raises(Rejected) as caught:
        gateway.create_fulfillment_order(ORDER)
    assert (caught.value.code, caught.value.remedy) == ("InvalidInput", MAP_SKU)
