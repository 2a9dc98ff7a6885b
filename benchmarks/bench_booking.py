"""What booking Amazon's shipments costs, beside Odoo's own validation of the same deliveries.

Each order leaves in two shipments: two packages, then one. Ours: Amazon's answers are applied, of all orders together
as the scheduled action does, and of each alone as a button does. Odoo's own: a delivery from an own warehouse of this
database is validated in two parts, the same units put into as many packages, the tracking numbers set; each order in a
transaction of its own. In turns, no mail on either side. Then orders with few lines and with ten times as many.
"""

import sys
from collections.abc import Sequence
from datetime import datetime

from scripts.host.step import step

from .common import process
from .database import hosted
from .measure import Cost, compare, growth, in_turns, report, sizes
from .shop import SERVER, Seller, Shop, catch_up

UNITS = 2  # of each line
LIMIT, ALONE_LIMIT, MOST_QUERIES = 0.5, 1.5, 50

# The packages of each shipment, {index of the line: units}.
SHIPMENTS = (({0: 2}, {1: 1}), ({1: 1, 2: 2},))
LINES = 3


def main() -> int:
    size = sizes("booking", rounds=(7, 1), orders=(20, 2), few=(5, 2), many=(50, 4))
    count = 2 * (size.rounds + 1) * size.orders
    with hosted() as host:
        shop = Shop(host)
        with process("-c", SERVER) as url:
            with step(f"{count} orders on each side"):
                own, amazons = Own(shop, count), Amazons(shop, Seller(shop, url, "AMZ", LINES), count, SHIPMENTS)
                long = {
                    lines: [side.whole(shop, url, lines, size.orders) for side in (Own, Amazons)]
                    for lines in (size.few, size.many)
                }
            mails = shop.mails()
            with step(f"{size.rounds} rounds of {size.orders} orders on each side"):
                turns = in_turns(size.rounds, lambda: amazons.book(size.orders), lambda: own.book(size.orders))
                alone = in_turns(size.rounds, lambda: amazons.book_each(size.orders), lambda: own.book(size.orders))
            for side in (own, amazons):
                side.check()
            with step(f"{size.orders} orders of {size.few} lines, and of {size.many}"):
                costs = {lines: [side.book_each(size.orders) for side in sides] for lines, sides in long.items()}
            if shop.mails() != mails:
                raise SystemExit("somebody was sent a mail")
    booking, single = compare(turns, size.orders), compare(alone, size.orders)
    few, many = costs.values()
    theirs, ours = (growth(size.few, few[side], size.many, many[side]) for side in (0, 1))
    return report(
        "booking",
        size.quick,
        {
            f"together at most {LIMIT} times Odoo's own": booking["ratio"] <= LIMIT,
            f"alone at most {ALONE_LIMIT} times Odoo's own": single["ratio"] <= ALONE_LIMIT,
            f"together at most {MOST_QUERIES} queries an order": booking["queries"] <= MOST_QUERIES,
            "growth at most 1.15": max(ours["time"], ours["queries"]) <= 1.15,
        },
        cases={"an order in two shipments": booking, "alone": single},
        growth={"lines of an order": ours, "lines of an order, Odoo's own": theirs},
    )


class Side:
    """Confirmed orders of one kind of warehouse; `_book(env, numbers)` is what is measured."""

    _shop: Shop
    _sale_ids: list[int]
    _booked = 0

    def book(self, orders: int) -> Cost:
        """The next orders, in the way that costs least."""
        return self.book_each(orders)

    def book_each(self, orders: int) -> Cost:
        """The next orders, one after the other."""
        return sum((self._shop.measure(lambda env, it=it: self._book(env, [it])) for it in self._next(orders)), Cost())

    def _next(self, orders: int) -> range:
        self._booked += orders
        return range(self._booked - orders, self._booked)

    def check(self) -> None:
        """Raises SystemExit unless all has left, in two deliveries with three packages."""
        with self._shop.environment() as env:
            for sale in env["sale.order"].browse(self._sale_ids):
                done = sale.picking_ids
                left = [set(done.mapped("state")), len(done), len(done.move_line_ids.result_package_id)]
                packed = sorted(done.mapped("carrier_tracking_ref"))
                if left != [{"done"}, 2, 3] or packed != [f"1Z-{sale.name}-1,1Z-{sale.name}-2", f"1Z-{sale.name}-3"]:
                    raise SystemExit(f"{sale.name} has not left as it should: {left}, {packed}")


class Own(Side):
    def __init__(self, shop: Shop, orders: int, lines: int = LINES, shipments=SHIPMENTS) -> None:
        self._shop, self._shipments = shop, shipments
        with shop.environment() as env:
            skus = [f"OWN-{lines}-{number}" for number in range(lines)]
            products = shop.add_products(env, shop.own_warehouse(env), skus)
            self._sale_ids = shop.confirm(env, products, orders, UNITS).ids

    @classmethod
    def whole(cls, shop: Shop, _url: str, lines: int, orders: int) -> "Own":
        """Orders that leave in one package."""
        return cls(shop, orders, lines, ((dict.fromkeys(range(lines), UNITS),),))

    def _book(self, env, numbers: Sequence[int]) -> None:
        [number] = numbers
        sale = env["sale.order"].browse(self._sale_ids[number])
        picking = sale.picking_ids
        for shipment in _packed(sale, self._shipments):
            for tracking, contents in shipment:
                package = env["stock.package"].create({"name": tracking})
                for line, units in contents.items():
                    moves = picking.move_ids.filtered(
                        lambda move, line=line: move.sale_line_id == sale.order_line[line]
                    )
                    moves.move_line_ids.write({"quantity": units, "result_package_id": package.id, "picked": True})
            picking.carrier_tracking_ref = ",".join(tracking for tracking, _contents in shipment)
            if picking.with_context(skip_backorder=True, skip_sms=True).button_validate() is not True:
                raise SystemExit(f"{picking.name} was not validated")
            picking = picking.backorder_ids


class Amazons(Side):
    def __init__(self, shop: Shop, seller: Seller, orders: int, shipments) -> None:
        self._shop = shop
        seller.send(orders, UNITS)
        catch_up(seller.url)
        with shop.environment() as env:
            sent = seller.orders(env)
            self._ids, self._sale_ids = sent.ids, sent.sale_id.ids
            for order in sent:
                for shipment in _packed(order.sale_id, shipments):
                    packages = [
                        (tracking, {seller.skus[line]: units for line, units in contents.items()})
                        for tracking, contents in shipment
                    ]
                    seller.ship(order.name, *packages)
            with seller.account(env)._open_gateway() as gateway:
                self._snapshots = [gateway.get_fulfillment_order(order.name) for order in sent]

    @classmethod
    def whole(cls, shop: Shop, url: str, lines: int, orders: int) -> "Amazons":
        seller = Seller(shop, url, f"L{lines}", lines)
        return cls(shop, seller, orders, ((dict.fromkeys(range(lines), UNITS),),))

    def book(self, orders: int) -> Cost:
        return self._shop.measure(lambda env: self._book(env, self._next(orders)))

    def _book(self, env, numbers: Sequence[int]) -> None:
        orders, now = env["fba.fulfillment.order"].browse(self._ids[number] for number in numbers), datetime.now()
        told = (self._snapshots[number] for number in numbers)
        orders._apply_snapshots({order: (snapshot, now) for order, snapshot in zip(orders, told, strict=True)})
        if states := set(orders.mapped("state")) - {"shipped"}:
            raise SystemExit(f"orders are {states}")


def _packed(sale, shipments) -> list[list[tuple[str, dict[int, int]]]]:
    """The shipments of an order, each package as (tracking number, {index of the line: units})."""
    numbers = iter(range(1, 100))
    return [[(f"1Z-{sale.name}-{next(numbers)}", contents) for contents in shipment] for shipment in shipments]


if __name__ == "__main__":
    sys.exit(main())
