"""Answers after Amazon's published examples (shortened), and what the tests send."""

from datetime import datetime, timezone

from fba_amazon import Address, CreateItem, CreateOrder

CLIENT_ID = "amzn1.application-oa2-client.test"
CLIENT_SECRET = "secret-of-the-client"
REFRESH_TOKEN = "Atzr|secret-of-the-seller"

ORDER = CreateOrder(
    order_id="ODOO-OUT-00042",
    displayable_order_id="S00042",
    displayable_at=datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc),
    comment="Thanks",
    shipping_speed="Standard",
    policy="FillAllAvailable",
    hold=False,
    address=Address(
        name="Eva Muster",
        line1="Hauptstr. 1",
        line2=None,
        line3=None,
        city="Berlin",
        state="",
        postal_code="10115",
        country_code="DE",
        phone=None,
    ),
    items=(CreateItem("move-981", "SKU-1", 2),),
    marketplace_id="A1PA6795UKMFR9",
)

FULFILLMENT_ORDER = {
    "payload": {
        "fulfillmentOrder": {
            "sellerFulfillmentOrderId": "FBATestOrder-1",
            "marketplaceId": "ATVPDKIKX0DER",
            "displayableOrderId": "TestOrder-FBAOutbound",
            "displayableOrderDate": "2020-01-09T19:46:45Z",
            "displayableOrderComment": "TestOrder",
            "shippingSpeedCategory": "Standard",
            "destinationAddress": {
                "name": "Amazon",
                "addressLine1": "1234 Amazon Way",
                "city": "Troy",
                "stateOrRegion": "MI",
                "countryCode": "US",
                "postalCode": "48084",
            },
            "fulfillmentAction": "Ship",
            "fulfillmentPolicy": "FillOrKill",
            "receivedDate": "2020-02-07T01:23:30Z",
            "fulfillmentOrderStatus": "PROCESSING",
            "statusUpdatedDate": "2020-02-07T02:33:31Z",
        },
        "fulfillmentOrderItems": [
            {
                "sellerSku": "CR-47K6-H6QN",
                "sellerFulfillmentOrderItemId": "OrderItemID1",
                "quantity": 3,
                "cancelledQuantity": 0,
                "unfulfillableQuantity": 0,
                "perUnitDeclaredValue": {"currencyCode": "USD", "value": "2.00"},
            }
        ],
        "fulfillmentShipments": [
            {
                "amazonShipmentId": "DchKfcZ9N",
                "fulfillmentCenterId": "RNO1",
                "fulfillmentShipmentStatus": "PENDING",
                "shippingDate": "2020-02-07T02:33:23Z",
                "estimatedArrivalDate": "2020-02-07T02:33:23Z",
                "fulfillmentShipmentItem": [
                    {
                        "sellerSku": "CR-47K6-H6QN",
                        "sellerFulfillmentOrderItemId": "OrderItemID1",
                        "quantity": 3,
                        "packageNumber": 0,
                        "serialNumber": "",
                        "manufacturerLotCodes": ["LOT0822-1234", "LOT1030-5678"],
                    }
                ],
            }
        ],
        "returnItems": [],
        "returnAuthorizations": [],
    }
}

RETURN_ITEM = {
    "sellerReturnItemId": "R-1",
    "sellerFulfillmentOrderItemId": "OrderItemID1",
    "amazonShipmentId": "DchKfcZ9N",
    "sellerReturnReasonCode": "TOO_SMALL",
    "returnComment": "Does not fit",
    "amazonReturnReasonCode": "AMZ-PG-APP-TOO-SMALL",
    "status": "Processed",
    "statusChangedDate": "2020-02-20T04:14:38Z",
    "returnAuthorizationId": "RMA-1",
    "returnReceivedCondition": "CustomerDamaged",
    "fulfillmentCenterId": "RNO1",
}

FULFILLMENT_ORDER_LIST = {
    "payload": {
        "fulfillmentOrders": [
            {
                "sellerFulfillmentOrderId": "601-2020200-12345678",
                "displayableOrderId": "TestOrder-FBAOutbound",
                "displayableOrderDate": "2020-01-09T19:46:45Z",
                "displayableOrderComment": "TestOrder",
                "shippingSpeedCategory": "Standard",
                "fulfillmentPolicy": "FillOrKill",
                "receivedDate": "2020-01-23T19:56:41Z",
                "fulfillmentOrderStatus": "COMPLETE",
                "statusUpdatedDate": "2020-01-24T15:28:27Z",
                "featureConstraints": None,
            }
        ]
    }
}

SOLD_ORDER = {
    "orderId": "250-1234567-8901234",
    "orderAliases": [{"aliasId": "JP-ORDER-2024-001", "aliasType": "SELLER_ORDER_ID"}],
    "createdTime": "2024-12-25T02:30:00Z",
    "lastUpdatedTime": "2024-12-25T06:45:00Z",
    "programs": ["PRIME"],
    "associatedOrders": [],
    "salesChannel": {
        "channelName": "AMAZON",
        "marketplaceId": "A1VC38T7YXB528",
        "marketplaceName": "Amazon.co.jp",
    },
    "proceeds": {"grandTotal": {"amount": "19940", "currencyCode": "JPY"}},
    "fulfillment": {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "AMAZON", "fulfillmentServiceLevel": "STANDARD"},
    "orderItems": [
        {
            "orderItemId": "25012345678902",
            "quantityOrdered": 2,
            "product": {
                "asin": "B07PFFMP9P",
                "title": "Fire TV Stick 4K Max",
                "sellerSku": "FIRE-TV-4K-MAX-JP",
                "price": {"unitPrice": {"amount": "6980", "currencyCode": "JPY"}},
            },
            "proceeds": {
                "proceedsTotal": {"amount": "13960", "currencyCode": "JPY"},
                "breakdowns": [{"type": "ITEM", "subtotal": {"amount": "13960", "currencyCode": "JPY"}}],
            },
            "fulfillment": {"quantityFulfilled": 2, "quantityUnfulfilled": 0},
        }
    ],
}

PEOPLE = {
    "orderId": "250-2",
    "createdTime": "2026-11-23T10:00:00Z",
    "lastUpdatedTime": "2026-11-23T11:00:00Z",
    "salesChannel": {"channelName": "AMAZON", "marketplaceId": "ATVPDKIKX0DER"},
    "buyer": {"buyerName": "Ada Buyer", "buyerEmail": "ada@example.com", "buyerCompanyName": "Ada Ltd"},
    "recipient": {
        "deliveryAddress": {
            "name": "Bob Recipient",
            "companyName": "Bob & Sons",
            "addressLine1": "7 Secret Lane",
            "addressLine3": "Third Door",
            "city": "Hidden Falls",
            "stateOrRegion": "OR",
            "postalCode": "97201-PC",
            "countryCode": "US",
            "phone": "+1 555 0100",
        },
        "deliveryPreference": {"dropOffLocation": "Behind the Shed", "addressInstruction": "Gate code 4711"},
    },
    "proceeds": {
        "grandTotal": {"amount": "34.00", "currencyCode": "USD"},
        "breakdowns": [
            {"type": "ITEM", "subtotal": {"amount": "25.00", "currencyCode": "USD"}},
            {"type": "SHIPPING", "subtotal": {"amount": "5.00", "currencyCode": "USD"}},
            {"type": "TAX", "subtotal": {"amount": "2.00", "currencyCode": "USD"}},
            {"type": "DELIVERY_TIP", "status": "FINALIZED", "subtotal": {"amount": "2.00", "currencyCode": "USD"}},
        ],
    },
    "payment": {"paymentExecutions": [{"paymentMethod": "CARD", "authorizationCode": "AUTH-99"}]},
    "tax": {
        "taxRegistrations": [{"legalName": "Ada Legal", "taxRegistrationNumber": "TAX-123"}],
        "taxInvoicing": {"invoiceStatus": "PENDING"},
    },
    "fulfillment": {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "AMAZON"},
    "orderItems": [
        {
            "orderItemId": "1",
            "quantityOrdered": 1,
            "product": {
                "sellerSku": "LAMP-1",
                "title": "Lamp",
                "customization": {"customizedUrl": "https://example.com/engraving"},
            },
            "proceeds": {
                "proceedsTotal": {"amount": "32.00", "currencyCode": "USD"},
                "breakdowns": [
                    {"type": "ITEM", "subtotal": {"amount": "25.00", "currencyCode": "USD"}},
                    {"type": "SHIPPING", "subtotal": {"amount": "5.00", "currencyCode": "USD"}},
                    {
                        "type": "TAX",
                        "subtotal": {"amount": "2.00", "currencyCode": "USD"},
                        "detailedBreakdowns": [
                            {"subtype": "ITEM", "value": {"amount": "1.60", "currencyCode": "USD"}},
                            {"subtype": "SHIPPING", "value": {"amount": "0.40", "currencyCode": "USD"}},
                        ],
                    },
                ],
            },
            "fulfillment": {
                "quantityFulfilled": 1,
                "quantityUnfulfilled": 0,
                "packing": {"giftOption": {"giftMessage": "Get well soon, Bob", "giftWrapLevel": "Classic"}},
            },
            "cancellation": {
                "cancellationRequest": {"requester": "BUYER", "cancelReason": "My divorce"},
                "cancellationExecution": {"cancelledBy": "BUYER"},
            },
            "tax": {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon"}]},
        }
    ],
    "packages": [{"packageReferenceId": "1", "trackingNumber": "TRACK-77"}],
}
PEOPLE_SECRETS = (
    "Ada Buyer", "ada@example.com", "Ada Ltd", "Bob Recipient", "Bob & Sons", "7 Secret Lane", "Third Door",
    "Hidden Falls", "97201-PC", "+1 555 0100", "Behind the Shed", "Gate code 4711", "AUTH-99", "Ada Legal", "TAX-123",
    "https://example.com/engraving", "Get well soon, Bob", "My divorce", "TRACK-77",
)  # fmt: skip
"""What `PEOPLE` tells of people."""

BARE_SOLD_ORDER = {
    "orderId": "250-1",
    "createdTime": "2024-12-25T02:30:00Z",
    "lastUpdatedTime": "2024-12-25T06:45:00.123456789+0900",
    "salesChannel": {"channelName": "AMAZON"},
    "orderItems": [{"orderItemId": "1", "quantityOrdered": 1, "product": {}}],
}

PREVIEWS = {
    "payload": {
        "fulfillmentPreviews": [
            {
                "shippingSpeedCategory": "Expedited",
                "isFulfillable": True,
                "isCODCapable": False,
                "marketplaceId": "ATVPDKIKX0DER",
                "estimatedShippingWeight": {"unit": "POUNDS", "value": "0.36"},
                "estimatedFees": [
                    {"name": "FBAPerUnitFulfillmentFee", "amount": {"currencyCode": "USD", "value": "7.90"}},
                    {"name": "FBATransportationFee", "amount": {"currencyCode": "USD", "value": "0.05"}},
                    {"name": "FBAPerOrderFulfillmentFee", "amount": {"currencyCode": "USD", "value": "0.0"}},
                ],
                "fulfillmentPreviewShipments": [
                    {
                        "earliestShipDate": "2020-02-15T08:00:00Z",
                        "latestShipDate": "2020-02-15T08:00:00Z",
                        "earliestArrivalDate": "2020-02-18T08:00:00Z",
                        "latestArrivalDate": "2020-02-19T07:59:59Z",
                        "fulfillmentPreviewItems": [
                            {"sellerSku": "SKU-1", "quantity": 2, "sellerFulfillmentOrderItemId": "move-981"}
                        ],
                    }
                ],
            },
            {
                "shippingSpeedCategory": "Priority",
                "isFulfillable": False,
                "isCODCapable": False,
                "marketplaceId": "ATVPDKIKX0DER",
                "estimatedFees": None,
                "orderUnfulfillableReasons": ["DeliverySLAUnavailable"],
                "unfulfillablePreviewItems": [
                    {
                        "sellerSku": "SKU-1",
                        "quantity": 2,
                        "sellerFulfillmentOrderItemId": "move-981",
                        "itemUnfulfillableReasons": ["InventoryUnavailable"],
                    }
                ],
            },
        ]
    }
}

TRACKING = {
    "payload": {
        "packageNumber": 1001,
        "trackingNumber": "1Z9999999999999999",
        "customerTrackingLink": "https://www.swiship.com/track?id=1Z9999999999999999",
        "carrierCode": "UPS",
        "carrierURL": "https://www.ups.com",
        "shipDate": "2020-02-15T08:00:00Z",
        "estimatedArrivalDate": "2020-02-18T08:00:00Z",
        "shipToAddress": {"city": "SEATTLE", "state": "WA", "country": "US"},
        "currentStatus": "DELIVERED",
        "signedForBy": "Eva Muster",
        "trackingEvents": [
            {
                "eventDate": "2020-02-18T09:13:00Z",
                "eventAddress": {"city": "SEATTLE", "state": "WA", "country": "US"},
                "eventCode": "EVENT_301",
                "eventDescription": "Delivered.",
            }
        ],
    }
}

PARTICIPATIONS = {
    "payload": [
        {
            "marketplace": {
                "id": "A1PA6795UKMFR9",
                "name": "Amazon.de",
                "countryCode": "DE",
                "defaultCurrencyCode": "EUR",
                "defaultLanguageCode": "de_DE",
                "domainName": "www.amazon.de",
            },
            "participation": {"isParticipating": True, "hasSuspendedListings": False},
            "storeName": "Northwind Desks",
        }
    ]
}

INVENTORY_PAGE = {
    "payload": {
        "granularity": {"granularityType": "Marketplace", "granularityId": "ATVPDKIKX0DER"},
        "inventorySummaries": [
            {
                "asin": "B00000001",
                "fnSku": "X0001",
                "sellerSku": "SKU-1",
                "condition": "NewItem",
                "inventoryDetails": {
                    "fulfillableQuantity": 12,
                    "inboundWorkingQuantity": 1,
                    "inboundShippedQuantity": 2,
                    "inboundReceivingQuantity": 3,
                    "reservedQuantity": {
                        "totalReservedQuantity": 6,
                        "pendingCustomerOrderQuantity": 3,
                        "pendingTransshipmentQuantity": 2,
                        "fcProcessingQuantity": 1,
                    },
                    "researchingQuantity": {"totalResearchingQuantity": 4, "researchingQuantityBreakdown": []},
                    "unfulfillableQuantity": {"totalUnfulfillableQuantity": 5, "defectiveQuantity": 5},
                },
                "lastUpdatedTime": "2020-02-18T09:13:00Z",
                "productName": "Lamp",
                "totalQuantity": 33,
            }
        ],
    }
}

REPORT = {
    "reportId": "R-1",
    "reportType": "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL",
    "createdTime": "2020-02-18T09:13:00Z",
    "processingStatus": "DONE",
    "reportDocumentId": "D-1",
    "marketplaceIds": ["ATVPDKIKX0DER"],
}

DESTINATIONS = {
    "payload": [
        {
            "name": "Odoo",
            "destinationId": "D-1",
            "resource": {"sqs": {"arn": "arn:aws:sqs:eu-west-1:123456789012:fba"}},
        }
    ]
}
SUBSCRIPTION = {"subscriptionId": "S-1", "destinationId": "D-1", "payloadVersion": "1.0"}
