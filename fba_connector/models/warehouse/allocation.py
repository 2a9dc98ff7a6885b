"""Which seller SKUs fulfill units of a product: as few of them as possible, the preferred ones first."""

import math
from dataclasses import dataclass
from itertools import combinations

from .resolution import Resolution

MOST_SKUS = 4  # of one product in one order
ENDLESS = math.inf
TRIFLE = 1e-6


@dataclass(frozen=True)
class Offer:
    """A usable seller SKU of a product. `free`: its units at Amazon that no own order takes; ENDLESS where unknown."""

    seller_sku: str
    resolution: Resolution
    free: float = ENDLESS

    @property
    def size(self):
        """Units of the product in one unit of the SKU."""
        return self.resolution.size


def allocate(units, offers):
    """[(Offer, its units)] that make exactly `units` of a product; None where `offers` cannot.

    A single SKU rather than two; of as many, the first in the order of `offers`.
    """
    for count in range(1, min(len(offers), MOST_SKUS) + 1):
        for chosen in combinations(offers, count):
            if _most(chosen) >= units - TRIFLE and (parts := _compose(units, chosen)):
                return parts
    return None


def allocate_most(units, offers):
    """As `allocate`, of as many whole units up to `units` as `offers` can make; empty where that is none."""
    most = min(units, _most(sorted(offers, key=_has, reverse=True)[:MOST_SKUS]))
    for fewer in range(math.floor(most + TRIFLE), 0, -1):
        if parts := allocate(fewer, offers):
            return parts
    return []


def _most(offers):
    """Units of the product in all that is free."""
    return sum(map(_has, offers))


def _has(offer):
    return max(offer.free, 0) * offer.size


def _compose(units, offers):
    """As `allocate`, with at least one unit of each offer: as much of the first ones as possible."""
    first, *others = offers
    most = min(first.free, _whole(units / first.size, math.floor))
    if not others:
        whole = _whole(units / first.size)
        return [(first, whole)] if whole and whole <= first.free else None
    for count in range(int(most), 0, -1):
        if rest := _compose(units - count * first.size, others):
            return [(first, count), *rest]
    return None


def _whole(number, rounded=round):
    """`number` as a whole one, of which floats may miss a trifle; 0 where it is none, or below zero."""
    near = round(number)
    if math.isclose(number, near, abs_tol=TRIFLE):
        return max(near, 0)
    return max(rounded(number), 0) if rounded is math.floor else 0
