"""Keys of Amazon's models: those that are enumerations, and the optional ones of what the simulator answers."""

ENUMERATIONS = frozenset(
    {
        # Fulfillment Outbound 2020-07-01
        "additionalLocationInfo", "currentStatus", "eventCode", "featureFulfillmentPolicy", "fulfillmentAction",
        "fulfillmentOrderStatus", "fulfillmentPolicy", "fulfillmentShipmentStatus", "returnReceivedCondition",
        "shippingSpeedCategory", "shippingWeightCalculationMethod", "status", "type", "unit",
        # Orders 2026-01-01, whose model lists possible values for most of them instead
        "addressType", "aliasType", "associationType", "buyerInvoicePreference", "cancelledBy", "cashOnDelivery",
        "channelName", "conditionSubtype", "conditionType", "dayOfWeek", "deliveryCapabilities", "detailedStatus",
        "entityType", "exceptionDateType", "fulfilledBy", "fulfillmentServiceLevel", "fulfillmentStatus",
        "invoiceStatus", "model", "palletDelivery", "programs", "recipientAgeVerification",
        "recipientIdentityVerification", "reportingScheme", "requester", "requirementType", "signatureConfirmation",
        "substitutionType", "subtype", "taxRegistrationType",
        # FBA Inventory v1, Reports 2021-06-30
        "compressionAlgorithm", "granularityType", "processingStatus",
    }
)  # fmt: skip
"""Keys whose values the models enumerate."""

_ORDER = (
    "codSettings",
    "deliveryWindow",
    "featureConstraints",
    "fulfillmentAction",
    "fulfillmentPolicy",
    "notificationEmails",
)
_SALE = (
    "associatedOrders", "buyer", "fulfillment", "fulfillmentOrders", "orderAliases", "packages", "payment", "proceeds",
    "programs", "recipient", "tax",
)  # fmt: skip
_ADDRESS = (
    "addressLine1", "addressLine2", "addressLine3", "addressType", "city", "companyName", "countryCode",
    "districtOrCounty", "extendedFields", "municipality", "name", "phone", "postalCode", "stateOrRegion",
)  # fmt: skip

OPTIONAL = {
    # Fulfillment Outbound 2020-07-01
    "createFulfillmentOrder": ("errors",),
    "updateFulfillmentOrder": ("errors",),
    "cancelFulfillmentOrder": ("errors",),
    "getFulfillmentPreview": ("errors",),
    "fulfillmentPreviews": (
        "estimatedFees", "estimatedShippingWeight", "featureConstraints", "fulfillmentPreviewShipments",
        "orderUnfulfillableReasons", "scheduledDeliveryInfo", "unfulfillablePreviewItems",
    ),
    "fulfillmentPreviewShipments": (
        "earliestArrivalDate", "earliestShipDate", "latestArrivalDate", "latestShipDate", "shippingNotes",
    ),
    "fulfillmentPreviewItems": ("estimatedShippingWeight", "shippingWeightCalculationMethod"),
    "unfulfillablePreviewItems": ("itemUnfulfillableReasons",),
    "featureConstraints": ("featureFulfillmentPolicy", "featureName"),
    "getFulfillmentOrder": ("errors",),
    "getFulfillmentOrder.payload": ("fulfillmentShipments", "paymentInformation"),
    "listAllFulfillmentOrders": ("errors",),
    "listAllFulfillmentOrders.payload": ("nextToken",),
    "fulfillmentOrder": _ORDER,
    "fulfillmentOrders": _ORDER,
    "destinationAddress": ("addressLine2", "addressLine3", "city", "districtOrCounty", "phone", "stateOrRegion"),
    "codSettings": ("codCharge", "codChargeTax", "shippingCharge", "shippingChargeTax"),
    "fulfillmentOrderItems": (
        "displayableComment", "estimatedArrivalDate", "estimatedShipDate", "fulfillmentNetworkSku", "giftMessage",
        "orderItemDisposition", "perUnitDeclaredValue", "perUnitPrice", "perUnitTax",
    ),
    "fulfillmentShipments": ("estimatedArrivalDate", "fulfillmentShipmentPackage", "shippingDate", "shippingNotes"),
    "fulfillmentShipmentItem": ("manufacturerLotCodes", "packageNumber", "serialNumber"),
    "fulfillmentShipmentPackage": (
        "amazonFulfillmentTrackingNumber", "deliveryInformation", "estimatedArrivalDate", "lockerDetails",
        "trackingNumber",
    ),
    "returnItems": (
        "amazonReturnReasonCode", "fulfillmentCenterId", "returnAuthorizationId", "returnComment",
        "returnReceivedCondition",
    ),
    "getPackageTrackingDetails": ("errors",),
    "getPackageTrackingDetails.payload": (
        "additionalLocationInfo", "carrierCode", "carrierPhoneNumber", "carrierURL", "currentStatus",
        "currentStatusDescription", "customerTrackingLink", "deliveryWindow", "estimatedArrivalDate", "shipDate",
        "shipToAddress", "signedForBy", "trackingEvents", "trackingNumber",
    ),
    # Orders 2026-01-01
    "searchOrders": ("createdBefore", "lastUpdatedBefore", "pagination"),
    "orders": _SALE,
    "order": _SALE,
    "associatedOrders": ("associationType", "orderId"),
    "salesChannel": ("marketplaceId", "marketplaceName"),
    "buyer": ("buyerCompanyName", "buyerEmail", "buyerName", "buyerPurchaseOrderNumber"),
    "recipient": ("deliveryAddress", "deliveryPreference"),
    "deliveryAddress": _ADDRESS,
    "tax": ("taxInvoicing", "taxRegistrations"),
    "taxRegistrations": (
        "entityType", "legalName", "taxRegistrationAddress", "taxRegistrationAttributes", "taxRegistrationNumber",
        "taxRegistrationType",
    ),
    "taxRegistrationAddress": _ADDRESS,
    "proceeds": ("breakdowns", "grandTotal"),
    "proceeds.breakdowns": ("status",),
    "fulfillment": (
        "deliverByWindow", "fulfilledBy", "fulfillmentServiceLevel", "labelPrintingWindow", "promiseCalculationInputs",
        "shipByWindow",
    ),
    "orderItems": (
        "associatedOrderItems", "cancellation", "expense", "fulfillment", "measurement", "proceeds", "programs",
        "promotion", "tax",
    ),
    "product": ("asin", "condition", "customization", "price", "sellerSku", "serialNumbers", "title"),
    "condition": ("conditionNote", "conditionSubtype", "conditionType"),
    "price": ("priceDesignation", "unitPrice"),
    "orderItems.proceeds": ("breakdowns", "proceedsTotal"),
    "orderItems.proceeds.breakdowns": ("detailedBreakdowns",),
    "detailedBreakdowns": ("subtype", "value"),
    "orderItems.fulfillment": ("packing", "picking", "quantityFulfilled", "quantityUnfulfilled", "shipping"),
    "cancellation": ("cancellationExecution", "cancellationRequest"),
    "cancellationExecution": ("cancelReason", "cancelledBy"),
    "orderItems.tax": ("taxCalculationBreakdowns", "taxCollections"),
    "taxCalculationBreakdowns": ("reportingScheme",),
    "taxCollections": ("model", "responsibleParty"),
    "pagination": ("nextToken",),
    # FBA Inventory v1
    "getInventorySummaries": ("errors", "pagination"),
    "inventorySummaries": (
        "asin", "condition", "fnSku", "inventoryDetails", "lastUpdatedTime", "productName", "sellerSku", "stores",
        "totalQuantity",
    ),
    "inventoryDetails": (
        "fulfillableQuantity", "inboundReceivingQuantity", "inboundShippedQuantity", "inboundWorkingQuantity",
        "researchingQuantity", "reservedQuantity", "unfulfillableQuantity",
    ),
    "reservedQuantity": (
        "fcProcessingQuantity", "pendingCustomerOrderQuantity", "pendingTransshipmentQuantity", "totalReservedQuantity",
    ),
    "researchingQuantity": ("researchingQuantityBreakdown", "totalResearchingQuantity"),
    "unfulfillableQuantity": (
        "carrierDamagedQuantity", "customerDamagedQuantity", "defectiveQuantity", "distributorDamagedQuantity",
        "expiredQuantity", "totalUnfulfillableQuantity", "warehouseDamagedQuantity",
    ),
    # Reports 2021-06-30
    "getReport": (
        "dataEndTime", "dataStartTime", "marketplaceIds", "processingEndTime", "processingStartTime",
        "reportDocumentId", "reportScheduleId",
    ),
    "getReportDocument": ("compressionAlgorithm",),
}  # fmt: skip
"""Keys of an object that may be absent, by the end of its path: the keys that lead to it, after its operation."""


def optional_keys(path: str) -> tuple[str, ...]:
    """Of the object at that path; the longest end of it that is listed counts."""
    keys = path.split(".")
    ends = (".".join(keys[start:]) for start in range(len(keys)))
    return next((OPTIONAL[end] for end in ends if end in OPTIONAL), ())
