"""The benchmark of a year: its weeks, its figures between runs, its Amazon, its tables. Odoo is not needed here."""

import itertools
from datetime import datetime

import pytest

from benchmarks.common import control
from benchmarks.year.amazon import Amazon, served
from benchmarks.year.ledger import Ledger, OtherYear
from benchmarks.year.plan import A_WEEK, Week, weeks
from benchmarks.year.sizes import ALL
from benchmarks.year.summary import Summary
from benchmarks.year.week import SHARED_BY
from scripts.simulator import free_port

END = datetime(2026, 6, 1)
SELLER = {"client_id": "Y", "client_secret": "Y", "refresh_token": "Atzr|Y", "marketplace_ids": ["ATVPDKIKX0DER"]}
SKUS = ["A", "B", "C"]


def test_weeks_hold_each_order_once() -> None:
    year = weeks(100, 7, 52, END)
    assert [number for week in year for number in week.sold] == list(range(100))
    assert [number for week in year for number in week.own] == list(range(7))
    assert year[-1].ends_at == END
    in_a_row = list(itertools.pairwise(year))
    assert all(after.ends_at - before.ends_at == A_WEEK for before, after in in_a_row)
    # Odoo is done with a week before the next one sells.
    assert all(before.ends_at < after.sells[0] for before, after in in_a_row)
    assert all(week.sells[1] < week.ends_at for week in year)


# === BETWEEN RUNS === #


def test_a_line_that_was_cut_off_is_written_again(tmp_path) -> None:
    ledger = Ledger(tmp_path)
    ledger.add({"week": 0})
    with ledger.figures.open("a") as file:
        file.write('{"week": 1, "so')
    assert ledger.lines() == [{"week": 0}]
    ledger.add({"week": 1})
    assert ledger.lines() == [{"week": 0}, {"week": 1}]


def test_a_week_is_known_to_have_begun(tmp_path) -> None:
    ledger = Ledger(tmp_path)
    assert ledger.begin(3, END) is None
    assert ledger.begin(3, END + A_WEEK) == END
    assert ledger.begin(4, END) is None


def test_another_year_is_not_continued(tmp_path) -> None:
    ledger = Ledger(tmp_path / "new")
    ledger.start({"sold": 10, "code": "now", "port": 1})
    ledger.add({"week": 0})
    ledger.check(sold=10, code="now")
    with pytest.raises(OtherYear, match="code is now, not later"):
        ledger.check(sold=10, code="later")
    ledger.start({"sold": 20})
    assert ledger.lines() == []


# === AMAZON === #


def sold(week: Week) -> dict[str, tuple]:
    """{order: what Odoo sees of it} at a new Amazon."""
    with served(week, week.ends_at, free_port(0)) as url:
        Amazon(url, SELLER, SKUS).sell(week)
        sales = control(url, "GET", f"overview?seller={SELLER['refresh_token']}&sales=100")["sales"]["rows"]
    return {it["amazon_order_id"]: (it["created_at"], it["updated_at"], str(it["lines"])) for it in sales}


def test_a_week_begun_again_sells_the_same_orders() -> None:
    first, second = weeks(10, 0, 2, END)
    orders = sold(first)
    assert len(orders) == 5
    assert sold(first) == orders
    assert not orders.keys() & sold(second).keys()


# === TABLES === #


def line(number: int, *, ms: float = 10.0, again: bool = False, memory: float = 200.0) -> dict:
    """100 orders sold and 20 own ones."""
    step = {"ms": 2 * ms, "cpu_ms": ms, "postgres_ms": ms / 2, "queries": 3, "peak_mb": 250}
    grown = {"sold": {ALL: 5_000 * 100, "inbox": 4_000 * 100}, "own": {ALL: 30_000 * 20}}
    return {
        "week": number,
        "sold": 100,
        "own": 20,
        "all": 120,
        "again": again,
        "seconds": 1,
        "memory_mb": memory,
        "steps": {} if again else dict.fromkeys(SHARED_BY, step),
        "sizes": {},
        "grown": {} if again else grown,
    }


def test_costs_that_stay_grow_by_one() -> None:
    summary = Summary([line(number) for number in range(20)])
    assert {(it["time"], it["queries"]) for it in summary.growths().values()} == {(1.0, 1.0)}
    assert all(summary.kept().values())
    text = summary.text()
    assert "2,000 orders sold and 400 own ones in 20 weeks" in text
    # 20 ms for each of a million: five and a half hours.
    [row] = [row for row in text.splitlines() if row.startswith("| import") and "1,000,000" in row]
    assert [cell.strip() for cell in row.strip("|").split("|")] == ["import", "1,000,000", "5.6", "4.2"]
    [row] = [row for row in text.splitlines() if row.startswith(f"| {ALL}")]
    assert [cell.strip() for cell in row.strip("|").split("|")] == [ALL, "5,000", "30,000", "11.00"]


def test_what_grows_is_missed() -> None:
    summary = Summary([line(number, ms=10 + number, memory=200 + 5 * number) for number in range(20)])
    assert not any(summary.kept().values())


def test_weeks_begun_again_tell_no_costs() -> None:
    lines = [line(number) for number in range(20)]
    lines[7] = line(7, again=True, memory=9999)
    summary = Summary(lines)
    assert all(summary.kept().values())
    assert "2,000 orders sold and 400 own ones in 20 weeks; 1 of them begun again" in summary.text()
    assert Summary([line(0, again=True)]).kept() == {}
