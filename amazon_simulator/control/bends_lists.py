"""Habits of lists: rows that are missing, repeated, or move while the list is read."""

from collections.abc import Mapping
from typing import Any

from .bend import LISTS, Bend, Json, Occasion, flag, inside, list_of_words, one_of, optional


def list_omits(answer: Json, on: Occasion) -> None:
    """Rows are missing, without a sign; every second one where none are named. Asked for by name they are there.

    Seen: amzn/selling-partner-api-models issues 2447, 5044, 5149 (inventory), 3945, 5048 (orders).
    """
    query = on.call.query
    by_name = "startDateTime" not in query and (query.get("sellerSkus") or query.get("sellerSku"))
    if by_name and not on.options["by_name"]:
        return
    rows, ids = on.rows(answer), on.options["ids"]
    if ids is not None:
        rows[:] = [row for row in rows if not (on.concerns(row) and on.ids(row) & set(ids))]
    elif on.order_id is not None:
        rows[:] = [row for row in rows if not on.concerns(row)]
    else:
        rows[:] = rows[::2]


def list_repeats(answer: Json, on: Occasion) -> None:
    """Rows come twice within a page, and again on the next one.

    Seen: amzn/selling-partner-api-models issues 2297 (orders) and 2858 (MCF orders).
    """
    rows = on.rows(answer)
    again = [row for row in rows if on.concerns(row)]
    rows[:] = _left_by_page_before(on) + [row for row in rows for _ in range(1 + on.concerns(row))]
    _leave_for_next_page(on, answer, again)


def pages_move(answer: Json, on: Occasion) -> None:
    """Between two pages all rows move by one, as in a list by time of change that changes while it is read.

    One row is never shown, or the last row of a page is the first of the next one as well.
    """
    rows = on.rows(answer)
    if on.options["shown"] == "twice":
        rows[:] = _left_by_page_before(on) + rows
        _leave_for_next_page(on, answer, [row for row in rows[-1:] if on.concerns(row)])
    elif _token(on.call.query) and rows and on.concerns(rows[0]):
        del rows[0]


def _leave_for_next_page(on: Occasion, answer: Json, rows: list[Any]) -> None:
    token = _token(inside(answer, "pagination")) or _token(inside(answer, "payload"))
    if token:
        on.memory[token] = rows


def _left_by_page_before(on: Occasion) -> list[Any]:
    rows: list[Any] = on.memory.get(_token(on.call.query), [])
    return rows


def _token(words: Mapping[str, Any]) -> Any:
    """What a list goes on with; None at its first page, or its last."""
    return words.get("nextToken") or words.get("paginationToken")


BENDS = {
    "list_omits": Bend(tuple(LISTS), {"ids": optional(list_of_words), "by_name": flag}, bend=list_omits),
    "list_repeats": Bend(tuple(LISTS), bend=list_repeats),
    "pages_move": Bend(tuple(LISTS), {"shown": one_of("never", "twice")}, bend=pages_move),
}
