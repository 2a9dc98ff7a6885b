"""FBA Inventory v1: getInventorySummaries, a row per SKU and condition."""

from datetime import timedelta
from typing import Any

from ..world.clock import dump_time
from ..world.sellers import Seller
from ..world.stock import StockItem
from .errors import InvalidInput
from .operations import Call, Operation
from .paging import Left
from .queries import check_query, csv, flag, time

PATH = "/fba/inventory/v1/summaries"
PARAMETERS = frozenset(
    {"details", "granularityType", "granularityId", "startDateTime", "sellerSkus", "sellerSku", "nextToken"}
    | {"marketplaceIds"}
)
REQUIRED = ("granularityType", "granularityId", "marketplaceIds")
TOKEN_LIFE = timedelta(seconds=30)  # the model: "The string token will expire 30 seconds after being created."
OLDEST_START = timedelta(days=548)  # the model: "no earlier than 18 months prior to the date and time of the call"
MAX_SKUS = 50  # the model: maxItems of sellerSkus

OMITTABLE = (
    "asin", "fnSku", "condition", "lastUpdatedTime", "productName", "totalQuantity", "inventoryDetails",
    "fulfillableQuantity", "inboundWorkingQuantity", "inboundShippedQuantity", "inboundReceivingQuantity",
    "reservedQuantity", "totalReservedQuantity", "pendingCustomerOrderQuantity", "pendingTransshipmentQuantity",
    "fcProcessingQuantity", "researchingQuantity", "totalResearchingQuantity", "researchingQuantityBreakdown",
    "unfulfillableQuantity", "totalUnfulfillableQuantity", "customerDamagedQuantity", "warehouseDamagedQuantity",
    "distributorDamagedQuantity", "carrierDamagedQuantity", "defectiveQuantity", "expiredQuantity",
)  # fmt: skip
"""Keys of a row that may be absent: all but the SKU. Source: the model requires none."""


def get_inventory_summaries(call: Call) -> dict[str, Any]:
    """A page of rows, by SKU."""
    check_query(call.query, PARAMETERS)
    _check_place(call)
    world, seller = call.world, call.seller
    details = flag(call.query, "details", default=False)
    asked = sorted((key, str(value)) for key, value in call.query.items() if key != "nextToken")
    scope = ("getInventorySummaries", seller.refresh_token, *asked)
    token = call.query.get("nextToken")
    keys: Left | list[str] | None
    if token:
        keys = world.pages.rest(token, scope, world.clock.now)
        if keys is None:
            raise InvalidInput("Value for parameter nextToken is invalid, expired, or other parameters changed")
    else:
        keys = [f"{number}:{item.seller_sku}" for item in _asked_for(call) for number, _ in enumerate(item.rows)]
    page, next_token = world.pages.cut(keys, world.settings.inventory_page_size, scope, world.clock.now, TOKEN_LIFE)
    answer: dict[str, Any] = {
        "payload": {
            "granularity": {"granularityType": "Marketplace", "granularityId": call.query["granularityId"]},
            "inventorySummaries": [dump_row(row, details) for key in page if (row := _find_row(seller, key))],
        }
    }
    if next_token:
        answer["pagination"] = {"nextToken": next_token}
    return answer


def _check_place(call: Call) -> None:
    """Raise InvalidInput unless one marketplace of the seller is asked for."""
    for name in REQUIRED:
        if not call.query.get(name):
            raise InvalidInput(f"Missing required parameter: {name}")
    if call.query["granularityType"] != "Marketplace":
        raise InvalidInput(f"Value {call.query['granularityType']} for parameter granularityType is invalid")
    marketplace_ids = csv(call.query, "marketplaceIds")
    if len(marketplace_ids) != 1:
        raise InvalidInput("marketplaceIds must have exactly one member")
    granularity_id = call.query["granularityId"]
    for name, marketplace_id in (("marketplaceIds", marketplace_ids[0]), ("granularityId", granularity_id)):
        if marketplace_id not in call.seller.marketplace_ids:
            raise InvalidInput(f"Value {marketplace_id} for parameter {name} is invalid")


def _asked_for(call: Call) -> list[StockItem]:
    """The SKUs the query selects: startDateTime goes before sellerSkus, that before sellerSku. Source: the model."""
    items = call.seller.stock
    if "startDateTime" in call.query:
        start = time(call.query, "startDateTime")
        if start < call.world.clock.now - OLDEST_START:
            raise InvalidInput("startDateTime must not be earlier than 18 months before now")
        return [item for item in items.values() if item.updated_at is None or item.updated_at >= start]
    skus = csv(call.query, "sellerSkus")
    if len(skus) > MAX_SKUS:
        raise InvalidInput(f"sellerSkus must have at most {MAX_SKUS} members")
    if not skus and "sellerSku" in call.query:
        skus = [str(call.query["sellerSku"])]
    return [items[sku] for sku in dict.fromkeys(skus) if sku in items] if skus else list(items.values())


def _find_row(seller: Seller, key: str) -> StockItem | None:
    """The row of a page's key, its number before the SKU; None when it has gone since the first page."""
    number, _, sku = key.partition(":")
    return dict(enumerate(seller.stock[sku].rows)).get(int(number))


def dump_row(item: StockItem, details: bool) -> dict[str, Any]:
    """InventorySummary of the model."""
    answer: dict[str, Any] = {
        "asin": item.asin,
        "fnSku": item.fnsku,
        "sellerSku": item.seller_sku,
        "condition": item.condition,
        "productName": item.seller_sku,
        "totalQuantity": item.total,
        "stores": [],
    }
    if item.updated_at is not None:
        answer["lastUpdatedTime"] = dump_time(item.updated_at)
    if details:
        answer["inventoryDetails"] = _dump_details(item)
    return _without(answer, item.omitted)


def _dump_details(item: StockItem) -> dict[str, Any]:
    """InventoryDetails of the model. Everything under research is so in the short term; the simulator's own choice."""
    return {
        "fulfillableQuantity": item.fulfillable,
        "inboundWorkingQuantity": item.inbound_working,
        "inboundShippedQuantity": item.inbound_shipped,
        "inboundReceivingQuantity": item.inbound_receiving,
        "reservedQuantity": {
            "totalReservedQuantity": item.total_reserved,
            "pendingCustomerOrderQuantity": item.reserved,
            "pendingTransshipmentQuantity": item.transshipment,
            "fcProcessingQuantity": item.fc_processing,
        },
        "researchingQuantity": {
            "totalResearchingQuantity": item.researching,
            "researchingQuantityBreakdown": [
                {"name": "researchingQuantityInShortTerm", "quantity": item.researching},
                {"name": "researchingQuantityInMidTerm", "quantity": 0},
                {"name": "researchingQuantityInLongTerm", "quantity": 0},
            ],
        },
        "unfulfillableQuantity": {
            "totalUnfulfillableQuantity": item.unfulfillable,
            "customerDamagedQuantity": item.customer_damaged,
            "warehouseDamagedQuantity": item.warehouse_damaged,
            "distributorDamagedQuantity": item.distributor_damaged,
            "carrierDamagedQuantity": item.carrier_damaged,
            "defectiveQuantity": item.defective,
            "expiredQuantity": item.expired,
        },
    }


def _without(answer: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """`answer` without these keys, at any depth."""
    return {
        key: _without(value, keys) if isinstance(value, dict) else value
        for key, value in answer.items()
        if key not in keys
    }


OPERATIONS = (Operation("getInventorySummaries", "GET", PATH, 2.0, 2, get_inventory_summaries),)
