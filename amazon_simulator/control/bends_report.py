"""Habits of reports: columns that are there, and say nothing."""

from collections.abc import Callable

from ..api import download
from .bend import Bend, Occasion

ORDER_IDS = ("amazon-order-id", "merchant-order-id")
Rewrite = Callable[[str, Occasion], str]


def _blank(column: str) -> Rewrite:
    """Leave that column empty, of the habit's order only if it is about one. Other reports stay as they are."""

    def rewrite(text: str, on: Occasion) -> str:
        header, *lines = text.split("\n")
        columns = header.split("\t")
        if column not in columns:
            return text
        place = columns.index(column)
        order_ids = [columns.index(name) for name in ORDER_IDS if name in columns]
        for number, line in enumerate(lines):
            row = line.split("\t")
            if len(row) == len(columns) and (on.order_id is None or on.order_id in [row[it] for it in order_ids]):
                row[place] = ""
                lines[number] = "\t".join(row)
        return "\n".join([header, *lines])

    return rewrite


BENDS = {
    "blank_shipment_item_id": Bend((download.OPERATION,), rewrite=_blank("shipment-item-id")),
    "blank_shipment_id": Bend((download.OPERATION,), rewrite=_blank("shipment-id")),
}
