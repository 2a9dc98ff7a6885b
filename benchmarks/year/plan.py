"""The weeks of a year, and the numbers of the orders in each."""

from dataclasses import dataclass
from datetime import datetime, timedelta

A_WEEK = timedelta(days=7)
QUIET = timedelta(days=2)  # no sales at both ends of a week: Odoo works there, and may have to work again


@dataclass(frozen=True)
class Week:
    """Orders are numbered through the year; Odoo works on those of a week from its end on."""

    number: int
    sold: range
    own: range
    ends_at: datetime

    @property
    def sells(self) -> tuple[datetime, datetime]:
        """When the first and the last of its orders are sold."""
        return self.ends_at - A_WEEK + QUIET, self.ends_at - QUIET


def weeks(sold: int, own: int, count: int, ends_at: datetime) -> list[Week]:
    """So many weeks up to `ends_at`, with as many orders in each."""
    return [
        Week(number, _part(sold, number, count), _part(own, number, count), ends_at - A_WEEK * (count - number - 1))
        for number in range(count)
    ]


def _part(total: int, number: int, count: int) -> range:
    return range(total * number // count, total * (number + 1) // count)
