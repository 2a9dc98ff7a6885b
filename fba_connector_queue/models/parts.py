"""Cuts bulk work into parts that do not get in each other's way: two transactions that change the stock of one product
end with one of them undone."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def parts(keys: Mapping[Item, Collection[Hashable]], most: int) -> list[list[Item]]:
    """The items of `keys` in parts of at most `most`; those with a key in common are in one part, however many.

    Within a part items keep their order.
    """
    groups = _connected(keys)
    packed: list[list[Item]] = []
    for group in sorted(groups, key=len, reverse=True):
        part = next((part for part in packed if len(part) + len(group) <= most), None)
        if part is None:
            packed.append(list(group))
        else:
            part.extend(group)
    place = {item: number for number, item in enumerate(keys)}
    return [sorted(part, key=place.__getitem__) for part in packed]


def _connected(keys: Mapping[Item, Collection[Hashable]]) -> list[list[Item]]:
    above: dict[Hashable, Hashable] = {}

    def top(node: Hashable) -> Hashable:
        while (higher := above.setdefault(node, node)) != node:
            above[node] = above[higher]  # a shorter way next time
            node = above[node]
        return node

    for item, its in keys.items():
        for key in its:
            above[top(("key", key))] = top(("item", item))
    groups = defaultdict(list)
    for item in keys:
        groups[top(("item", item))].append(item)
    return list(groups.values())
