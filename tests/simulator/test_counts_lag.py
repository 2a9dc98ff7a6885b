"""Counts of stock that are told late."""

from pathlib import Path
from typing import Any

import pytest

from amazon_simulator.control.controlled_world import ControlledWorld
from amazon_simulator.world import state

from .conftest import Amazon, item


@pytest.fixture(autouse=True)
def wide_plan(amazon: Amazon) -> None:
    """Two calls at once are few for a test."""
    amazon.control("POST", "settings", plan_factor=1000)


def told(amazon: Amazon, **query: Any) -> dict[str, int]:
    """Fulfillable units by SKU."""
    return {row["sellerSku"]: row["inventoryDetails"]["fulfillableQuantity"] for row in amazon.counted(**query)}


def sell(amazon: Amazon, sku: str = "SKU-1", quantity: int = 1) -> None:
    amazon.control("POST", "sales", items=[{"seller_sku": sku, "quantity": quantity}])


def test_counts_are_told_as_they_were(amazon: Amazon) -> None:
    amazon.arm("counts_lag", seconds=600)
    before = amazon.counted()
    amazon.advance(minutes=1)
    amazon.create(items=[item(quantity=3)])
    amazon.control(
        "PUT", "stock/SKU-1", fulfillable=7, inbound_shipped=1, transshipment=2, researching=3, unfulfillable=4
    )
    true = amazon.control("GET", "stock")["SKU-1"]
    seen = []
    for seconds in (0, 599, 1):
        amazon.advance(seconds=seconds)
        seen.append(amazon.counted())
        assert amazon.control("GET", "stock")["SKU-1"] == true
    assert seen[:2] == [before, before]
    details = seen[2][0]["inventoryDetails"]
    assert (details["fulfillableQuantity"], details["inboundShippedQuantity"]) == (7, 1)
    assert details["reservedQuantity"]["totalReservedQuantity"] == 5
    assert details["researchingQuantity"]["totalResearchingQuantity"] == 3
    assert details["unfulfillableQuantity"]["defectiveQuantity"] == 4
    assert seen[2][0]["totalQuantity"] == true["total"]
    assert before[0]["lastUpdatedTime"] < seen[2][0]["lastUpdatedTime"] == true["updated_at"]
    assert [entry["habit"] for entry in amazon.journal("getInventorySummaries")][-2:] == ["counts_lag", None]


def test_counts_pass_through_every_state_in_between(amazon: Amazon) -> None:
    amazon.arm("counts_lag", seconds=150)
    for _ in range(3):
        sell(amazon)
        sell(amazon)
        amazon.advance(seconds=60)
    seen = []
    for _ in range(4):
        seen.append(told(amazon, sellerSku="SKU-1")["SKU-1"])
        amazon.advance(seconds=30)
    assert seen == [8, 6, 6, 4]


def test_counts_keep_the_moment_the_clock_shipped_or_a_sale_went(amazon: Amazon) -> None:
    amazon.arm("counts_lag", seconds=3600)
    amazon.create(items=[item(quantity=3)])
    amazon.control("POST", "sales", items=[{"seller_sku": "SKU-2", "quantity": 1}], auto=True)
    amazon.advance(hours=10)
    assert [row["totalQuantity"] for row in amazon.counted()] == [7, 9]
    amazon.control("POST", "sales", items=[{"seller_sku": "SKU-2", "quantity": 2}], auto=True)
    amazon.advance(hours=4, minutes=59)
    assert [row["totalQuantity"] for row in amazon.counted()] == [7, 9]
    amazon.advance(minutes=1)
    assert [row["totalQuantity"] for row in amazon.counted()] == [7, 7]


def test_counts_from_before_the_habit_was_armed_are_unknown(amazon: Amazon) -> None:
    sell(amazon)
    amazon.arm("counts_lag", seconds=600)
    sell(amazon)
    assert told(amazon) == {"SKU-1": 9, "SKU-2": 10}


def test_inbound_units_are_late_too(amazon: Amazon) -> None:
    amazon.advance(minutes=10)
    amazon.arm("counts_lag", seconds=60)
    amazon.advance(minutes=1)
    amazon.control("PUT", "stock/SKU-1", fulfillable=10, inbound_working=5)
    seen = []
    for _ in range(2):
        seen.append(amazon.counted()[0]["inventoryDetails"]["inboundWorkingQuantity"])
        amazon.advance(minutes=1)
    assert seen == [0, 5]


def test_a_new_sku_is_missing_until_the_lag_is_over(amazon: Amazon) -> None:
    amazon.arm("counts_lag", seconds=60)
    amazon.control("PUT", "stock/SKU-3", fulfillable=5)
    for query in ({}, {"sellerSkus": "SKU-3"}):
        assert "SKU-3" not in told(amazon, **query)
    amazon.advance(seconds=59)
    assert told(amazon, sellerSkus="SKU-3") == {}
    amazon.advance(seconds=1)
    assert told(amazon) == {"SKU-1": 10, "SKU-2": 10, "SKU-3": 5}


def test_a_list_of_changes_lacks_those_younger_than_the_lag(amazon: Amazon) -> None:
    amazon.arm("counts_lag", seconds=600)
    amazon.advance(minutes=30)
    since = {"startDateTime": amazon.control("GET", "clock")["now"]}
    sell(amazon)
    amazon.advance(minutes=9)
    assert told(amazon, **since) == {}
    sell(amazon, quantity=2)
    amazon.advance(minutes=1)
    assert told(amazon, **since) == {"SKU-1": 9}
    amazon.advance(minutes=9)
    assert told(amazon, **since) == {"SKU-1": 7}


def test_only_the_named_skus_are_late(amazon: Amazon) -> None:
    assert amazon.arm("counts_lag", seconds=600, ids=["SKU-2"])["ids"] == ["SKU-2"]
    amazon.advance(minutes=1)
    sell(amazon, "SKU-1")
    sell(amazon, "SKU-2")
    assert told(amazon) == {"SKU-1": 9, "SKU-2": 10}


def test_rows_of_other_conditions_are_late_and_keep_their_places(amazon: Amazon) -> None:
    amazon.arm("counts_lag", seconds=60)
    rows = [{"condition": "UsedGood", "fnsku": "X-USED", "fulfillable": 5}]
    amazon.control("PUT", "stock/SKU-1", fulfillable=4, other_rows=rows)
    amazon.advance(minutes=1)
    rows = [{"condition": "UsedGood", "fnsku": "X-USED"}, {"condition": "UsedPoor", "fnsku": "X-POOR"}]
    amazon.control("PUT", "stock/SKU-1", fulfillable=3, other_rows=rows, omit=["fnSku", "researchingQuantity"])
    told_rows = amazon.counted(sellerSku="SKU-1")
    counts = [(row["condition"], row["inventoryDetails"]["fulfillableQuantity"]) for row in told_rows]
    assert counts == [("NewItem", 4), ("UsedGood", 5)]
    assert not any("researchingQuantity" in row["inventoryDetails"] for row in told_rows)


def test_without_details_the_total_is_late(amazon: Amazon) -> None:
    amazon.arm("counts_lag", seconds=60)
    sell(amazon)
    row = amazon.counted(details="false")[0]
    assert (row["totalQuantity"], "inventoryDetails" in row) == (10, False)


def test_memory_of_counts_stays_as_short_as_the_lag(amazon: Amazon) -> None:
    amazon.arm("counts_lag", seconds=60)
    for units in range(100):
        amazon.control("PUT", "stock/SKU-1", fulfillable=units)
        amazon.advance(seconds=20)
    (habit,) = amazon.server.world.habits
    assert max(len(past) for past in habit._memory.values() if isinstance(past, list)) <= 5


def test_counts_stay_late_over_a_restart(amazon: Amazon, tmp_path: Path) -> None:
    amazon.arm("counts_lag", seconds=600)
    amazon.advance(minutes=1)
    sell(amazon)
    amazon.advance(minutes=1)
    state.save(amazon.server.world, tmp_path / "state")
    world = ControlledWorld()
    assert state.load(world, tmp_path / "state")
    amazon.control("POST", "reset")
    with amazon.server.world.lock:
        vars(amazon.server.world).update({key: value for key, value in vars(world).items() if key != "lock"})
    assert told(amazon)["SKU-1"] == 10
    amazon.advance(minutes=9)
    assert told(amazon)["SKU-1"] == 9
