"""What booking orders sold on Amazon costs, beside an import one by one, and beside the floor.

The same two-line orders on all sides, with stock at hand and no mail. Ours: what lies in the inbox is processed as the
scheduled action does it, in batches. One by one: Odoo's own way from an own warehouse of this database: create,
confirm, validate each. The floor: the leanest calls of the ORM that make the same rows in batches, with no Amazon to
read, no amount to reconcile and no inbox. Then a long run of ours: its memory, and whether an order costs more at the
end than at the start.
"""

import sys
from datetime import datetime

from scripts.host.step import step

from .common import control, process
from .database import hosted
from .measure import Cost, compare, growth, in_turns, memory_mb, report, sizes
from .shop import SERVER, Seller, Shop

UNITS, PRICE, LINES = 2, "19.98", 2
FASTER, FLOOR, QUERIES = 4, 1.2, 20
MEMORY_MB = 60  # more at the end of the long run than after its first tenth
# No messages.
LEAN = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}
LEFT_AT = datetime(2026, 1, 1)


def main() -> int:
    size = sizes("import", rounds=(7, 1), orders=(100, 4), long_run=(5_000, 40))
    batches = size.long_run // size.orders
    with hosted() as host:
        shop = Shop(host)
        with process("-c", SERVER) as url:
            one_by_one, floor = OneByOne(shop, "OWN"), Floor(shop, "LEAN")
            ours, count = Imported(shop, Seller(shop, url, "AMZ", LINES)), size.orders * 2 * (size.rounds + 1)
            with step(f"{count + size.long_run} orders sold on Amazon"):
                ours.sell(count + size.long_run)
            mails = shop.mails()
            sides = {"against one by one": one_by_one, "against the floor": floor}
            cases = {}
            for name, side in sides.items():
                with step(f"{size.rounds} rounds of {size.orders} orders, {name}"):
                    book, theirs = (lambda it=it: it.book(size.orders) for it in (ours, side))
                    cases[name] = compare(in_turns(size.rounds, book, theirs), size.orders)
            with step(f"{size.long_run} orders in a row"):
                runs = [(ours.book(size.orders), memory_mb()) for _batch in range(batches)]
            for side in (ours, floor):
                side.check()
            if shop.mails() != mails:
                raise SystemExit("somebody was sent a mail")
    costs, memory = zip(*runs, strict=True)
    tenth = batches // 10
    few, all_ = sum(costs[:tenth], Cost()), sum(costs, Cost())
    grows = growth(tenth * size.orders, few, size.long_run, all_)
    slow, lean = (case["ratio"] for case in cases.values())
    return report(
        "import",
        size.quick,
        {
            f"at least {FASTER} times as fast as one by one": slow * FASTER <= 1,
            f"at most {FLOOR} times the floor": lean <= FLOOR,
            f"at most {QUERIES} queries an order": cases["against one by one"]["queries"] <= QUERIES,
            "growth at most 1.15": max(grows["time"], grows["queries"]) <= 1.15,
            f"at most {MEMORY_MB} MB more": memory[-1] - memory[tenth] <= MEMORY_MB,
        },
        cases=cases,
        growth={"orders in a row": grows},
        long_run={
            "more_mb": round(memory[-1] - memory[tenth], 1),
            "memory_mb": [round(it) for it in memory],
            "ms_per_order": [round(cost.seconds / size.orders * 1000, 2) for cost in costs],
        },
    )


class Own:
    """Orders of an own warehouse of this database."""

    def __init__(self, shop: Shop, name: str) -> None:
        self._shop, self._name, self._booked = shop, name, 0
        with shop.environment() as env:
            warehouse = shop.own_warehouse(env)
            self._warehouse_id = warehouse.id
            skus = [f"{name}-{number}" for number in range(LINES)]
            self._product_ids = shop.add_products(env, warehouse, skus).ids
            self._partner_id = env["res.partner"].create({"name": "Customer without a mail address"}).id

    def _prepare(self) -> dict:
        self._booked += 1
        price = float(PRICE) / UNITS
        line = {"product_uom_qty": UNITS, "price_unit": price, "technical_price_unit": 0.0, "tax_ids": [(5,)]}
        return {
            "partner_id": self._partner_id,
            "warehouse_id": self._warehouse_id,
            "client_order_ref": f"{self._name}-{self._booked}",
            "order_line": [(0, 0, {**line, "product_id": product}) for product in self._product_ids],
        }


class OneByOne(Own):
    """Odoo's own way, an order in a transaction."""

    def book(self, orders: int) -> Cost:
        return sum((self._shop.measure(self._book) for _number in range(orders)), Cost())

    def _book(self, env) -> None:
        sale = env["sale.order"].create(self._prepare())
        sale.action_confirm()
        sale.date_order = LEFT_AT
        for picking in sale.picking_ids:
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            if picking.with_context(skip_backorder=True, skip_sms=True).button_validate() is not True:
                raise SystemExit(f"{picking.name} was not validated")
            picking.date_done = LEFT_AT


class Floor(Own):
    """The same rows by the fewest calls: orders, deliveries, moves and their lines, each created in one."""

    def book(self, orders: int) -> Cost:
        from odoo.addons.fba_connector.models.shared.guard import BY_CODE  # there is no Odoo before

        # Without a reservation of what has left already, which is the add-on's own short cut.
        lean = {**LEAN, "fba_has_left": BY_CODE}
        return self._shop.measure(lambda env: self._book(env(context=lean), orders))

    def _book(self, env, orders: int) -> None:
        values = [self._prepare() for _order in range(orders)]
        sales = env["sale.order"].create([{**it, "user_id": False} for it in values])
        sales.with_context(skip_procurement=True).action_confirm()
        kind = env["stock.warehouse"].browse(self._warehouse_id).out_type_id
        places = {
            "picking_type_id": kind.id,
            "location_id": kind.default_location_src_id.id,
            "location_dest_id": kind.default_location_dest_id.id,
        }
        common = {"partner_id": self._partner_id, "company_id": kind.company_id.id}
        pickings = env["stock.picking"].create(
            [{**places, **common, "origin": sale.name, "user_id": False} for sale in sales]
        )
        moves = env["stock.move"].create(
            [
                {
                    **places,
                    **common,
                    "picking_id": picking.id,
                    "product_id": line.product_id.id,
                    "product_uom": line.product_uom_id.id,
                    "product_uom_qty": UNITS,
                    "sale_line_id": line.id,
                    "location_final_id": places["location_dest_id"],
                    "warehouse_id": self._warehouse_id,
                    "state": "assigned",
                }
                for sale, picking in zip(sales, pickings, strict=True)
                for line in sale.order_line
            ]
        )
        env["stock.move.line"].create(
            [
                {
                    "move_id": move.id,
                    "picking_id": move.picking_id.id,
                    "product_id": move.product_id.id,
                    "product_uom_id": move.product_uom.id,
                    "location_id": move.location_id.id,
                    "location_dest_id": move.location_dest_id.id,
                    "company_id": move.company_id.id,
                    "quantity": UNITS,
                    "picked": True,
                }
                for move in moves
            ]
        )
        pickings.with_context(cancel_backorder=True)._action_done()
        pickings.date_done = sales.date_order = LEFT_AT

    def check(self) -> None:
        """Raises SystemExit unless all is delivered."""
        with self._shop.environment() as env:
            sales = env["sale.order"].search([("client_order_ref", "=like", f"{self._name}-%")])
            if len(sales) != self._booked or set(sales.mapped("delivery_status")) != {"full"}:
                raise SystemExit(f"{len(sales)} of {self._booked} orders: {set(sales.mapped('delivery_status'))}")


class Imported:
    """Ours: what Amazon sold lies in the inbox."""

    def __init__(self, shop: Shop, seller: Seller) -> None:
        self._shop, self._seller, self._booked = shop, seller, 0

    def sell(self, orders: int) -> None:
        """As many orders sold, shipped, and fetched into the inbox."""
        items = [{"seller_sku": sku, "quantity": UNITS, "item_price": PRICE} for sku in self._seller.skus]
        for _order in range(orders):
            control(self._seller.url, "POST", "sales", seller=self._seller.token, items=items)
        control(self._seller.url, "POST", "clock/advance", seconds=3600)
        with self._shop.environment() as env:
            account = self._seller.account(env)
            account.import_from = datetime(2020, 1, 1)
            with account._open_gateway() as gateway:
                account._stage_changed_orders(gateway)

    def book(self, orders: int) -> Cost:
        self._booked += orders
        return self._shop.measure(lambda env: self._book(env, orders))

    def _book(self, env, orders: int) -> None:
        due = [("account_id", "=", self._seller.account(env).id), ("is_due", "=", True)]
        env["fba.amazon.order"].search(due, order="id", limit=orders)._process()

    def check(self) -> None:
        """Raises SystemExit unless as many orders stand in Odoo, delivered, at Amazon's total."""
        with self._shop.environment() as env:
            sales = env["sale.order"].search([("fba_account_id", "=", self._seller.account(env).id)])
            left = {(sale.delivery_status, sale.fba_status, sale.amount_total) for sale in sales}
            if len(sales) != self._booked or left != {("full", "shipped", 2 * float(PRICE))}:
                raise SystemExit(f"{len(sales)} of {self._booked} orders: {left}")


if __name__ == "__main__":
    sys.exit(main())
