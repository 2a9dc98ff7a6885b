"""`make demo`: orders of a shop fulfilled by a simulated Amazon, through the add-on's scheduled actions.

Exit status 0 only if every order ended as it should.
"""

import argparse
import sys
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from . import demo_database
from .host.database import running_host
from .host.step import SetupError, exclusive, say, step
from .simulator import Simulator, running_simulator

AFN_STOCK = {"DESK-1": 20, "LAMP-2": 30, "CHAIR-9": 15, "SHELF-4": 10}  # Amazon knows no STOOL-7
# What only the first synchronization will find, which is left for whoever looks at the demo.
MORE_AT_AMAZON = {
    "LAMP-2": {"inbound_shipped": 24, "unfulfillable": 2},
    "CHAIR-9": {"transshipment": 3},
    "Oak Desk renewed": {},
}


@dataclass(frozen=True)
class Expected:
    """How an order of the demo has to end."""

    shows: str
    fba_status: str
    amazon_status: str
    shipments: int
    packages: int
    keeps_delivery: bool = False  # what Amazon never took stays assigned, to be mended and sent again


EXPECTED = {
    "order_two_shipments": Expected("two shipments, three packages", "shipped", "Complete", 2, 3),
    "order_one_shipment": Expected("one shipment", "shipped", "Complete", 1, 1),
    "order_unfillable": Expected("one line unfillable", "exception", "CompletePartialled", 1, 1),
    "order_rejected": Expected("rejected by Amazon", "exception", "", 0, 0, keeps_delivery=True),
    "order_on_its_way": Expected("sent, not shipped yet", "in_shipping", "Processing", 0, 0, keeps_delivery=True),
    "order_cancelled": Expected("cancelled in time", "cancelled", "Cancelled", 0, 0),
    "order_too_late": Expected("too late to cancel", "in_shipping", "Processing", 1, 1, keeps_delivery=True),
    "order_reserved": Expected("reserved by the own warehouse", "", "", 0, 0, keeps_delivery=True),
    "order_yours": Expected("sourced, yours to send", "ready", "", 0, 0, keeps_delivery=True),
}


@dataclass(frozen=True)
class Sale:
    """An order sold on Amazon, and what has to become of it in the inbox."""

    shows: str
    state: str
    items: tuple[dict, ...]
    status: str = "SHIPPED"


SALES = (
    Sale(
        "tax that Amazon remits, shipping",
        "done",
        ({"seller_sku": "DESK-1", "quantity": 2, "item_price": "698.00", "tax": "57.59", "shipping": "24.90"},),
    ),
    Sale(
        "two products, gift wrap, a discount",
        "done",
        (
            {"seller_sku": "LAMP-2", "quantity": 2, "item_price": "158.00", "tax": "13.04", "gift_wrap": "4.99"},
            {"seller_sku": "CHAIR-9", "quantity": 1, "item_price": "189.00", "tax": "15.59", "discount": "18.90"},
        ),
    ),
    Sale("a seller SKU that nobody knows", "error", ({"seller_sku": "Oak Desk renewed", "item_price": "249.00"},)),
    Sale("not shipped yet", "pending", ({"seller_sku": "LAMP-2", "item_price": "79.00"},), status="UNSHIPPED"),
)


def main() -> int:
    with exclusive(demo_database.NAME):
        return make()


def make() -> int:
    demo_database.forget()
    with running_host() as host, running_simulator(demo_database.state_file()) as simulator:
        host.fresh(demo_database.NAME)
        with demo_database.administrator(host) as env:
            good = play(env, simulator)
        if good:
            demo_database.mark_made()
    say("\n`make serve` opens this database in the browser." if good else "\nNot every order ended as it should.")
    return 0 if good else 1


def play(env, simulator: Simulator) -> bool:
    """The demo's main job; True if all ended as expected."""
    before = afn_stock(env)
    with step("Connect the account to the simulated Amazon"):
        demo_database.point_account_at(env, simulator)
        for sku, quantity in AFN_STOCK.items():
            simulator.call("PUT", f"stock/{sku}", fulfillable=quantity)
        for sku, counts in MORE_AT_AMAZON.items():
            simulator.call("PUT", f"stock/{sku}", **{"fulfillable": AFN_STOCK.get(sku, 4), **counts})
        account = env.ref("fba_connector.account_us")
        account.action_test_connection()
        if account.connection_state != "ok":
            raise SetupError(account.connection_message)
    orders = {name: env.ref(f"fba_connector.{name}") for name in EXPECTED if name.startswith("order_")}
    with step("Source the orders by Fulfillment by Amazon and send them"):
        for name, order in orders.items():
            if name != "order_reserved":
                order.action_fulfill_by_amazon()
        fulfillments = env["fba.fulfillment.order"].search([("state", "=", "ready")])
        fulfillments -= orders["order_yours"].fba_fulfillment_order_ids
        wizard = env["fba.submit.wizard"].with_context(active_model=fulfillments._name, active_ids=fulfillments.ids)
        wizard.create({}).action_confirm()
        run_job(env, "push_fulfillment_orders")
    with step("Amazon ships"):
        amazon_works(env, simulator, orders)
    with step("Amazon sells, too"):
        simulator.call("POST", "settings", report_lag_seconds=0)  # its report tells tracking numbers hours later
        sales = {sell(simulator, sale): sale for sale in SALES}
        for _asks_for_tracking_then_has_it in range(2):
            simulator.advance(minutes=10)
            run_job(env, "import_amazon_orders")
    console = Console(width=None if sys.stdout.isatty() else 150)
    good = show_orders(console, env, orders)
    good = show_sales(console, env, sales) and good
    show_stock(console, before, afn_stock(env))
    return good


def amazon_works(env, simulator: Simulator, orders) -> None:
    """What the warehouse does, with a pull in between: shipments are booked as they leave."""

    def ship(order, *packages):
        simulator.call("POST", f"fulfillment-orders/{order.fba_fulfillment_order_ids.name}/ship", packages=packages)

    def package(carrier, tracking, **items):
        contents = [{"seller_sku": sku.replace("_", "-"), "quantity": quantity} for sku, quantity in items.items()]
        return {"carrier_code": carrier, "tracking_number": tracking, "items": contents}

    orders["order_cancelled"].fba_fulfillment_order_ids.action_request_cancel()
    run_job(env, "push_fulfillment_orders")
    simulator.advance(minutes=40)
    too_late = orders["order_too_late"]
    ship(too_late, package("UPS", "1Z999AA10123456786", LAMP_2=1))
    too_late.fba_fulfillment_order_ids.action_request_cancel()
    run_job(env, "push_fulfillment_orders")
    two = orders["order_two_shipments"]
    ship(two, package("UPS", "1Z999AA10123456784", DESK_1=1), package("UPS", "1Z999AA10123456785", DESK_1=1))
    ship(orders["order_one_shipment"], package("AMZN_US", "TBA302917465001", LAMP_2=1))
    run_job(env, "pull_fulfillment_orders")
    simulator.advance(minutes=30)
    ship(two, package("AMZN_US", "TBA302917465002", LAMP_2=3))
    unfillable = orders["order_unfillable"]
    simulator.call(
        "POST",
        f"fulfillment-orders/{unfillable.fba_fulfillment_order_ids.name}/cannot-fulfill",
        items=[{"seller_sku": "CHAIR-9", "quantity": 4}],
    )
    ship(unfillable, package("USPS", "9400111899223197428490", LAMP_2=1))
    run_job(env, "pull_fulfillment_orders")


def sell(simulator: Simulator, sale: Sale) -> str:
    """Its ID at Amazon."""
    items = [{"quantity": 1, "facilitator_tax": True, **item} for item in sale.items]
    market = {"marketplace_id": "ATVPDKIKX0DER", "currency": "USD"}
    return simulator.call("POST", "sales", items=items, status=sale.status, **market)["amazon_order_id"]


def run_job(env, name: str) -> None:
    """A scheduled action, as Odoo's own scheduler runs it."""
    env.cr.commit()
    env.ref(f"fba_connector.ir_cron_{name}").method_direct_trigger()
    env.cr.commit()  # it ran on a cursor of its own: see what it did


def afn_stock(env) -> dict[str, tuple[float, float]]:
    """SKU -> (on hand, reserved) in the AFN warehouse."""
    location = env.ref("fba_connector.warehouse_us").lot_stock_id
    groups = env["stock.quant"]._read_group(
        [("location_id", "child_of", location.id)], ["product_id"], ["quantity:sum", "reserved_quantity:sum"]
    )
    return {product.default_code: (quantity, reserved) for product, quantity, reserved in groups}


def show_orders(console: Console, env, orders) -> bool:
    columns = ("Order", "Shows", "Lines", "FBA status", "Amazon", "Shipments", "Carrier and tracking", "As expected")
    table = Table(*columns, title="Orders", show_lines=True)
    all_good = True
    for name, expected in EXPECTED.items():
        order = orders[name]
        fulfillment = order.fba_fulfillment_order_ids
        amazon_status = fulfillment.amazon_status or ""
        done = order.picking_ids.filtered(lambda picking: picking.state == "done").sorted("id")
        packages = order.fba_package_ids
        ended = (order.fba_status or "", amazon_status, len(done), len(packages))
        good = ended == (expected.fba_status, expected.amazon_status, expected.shipments, expected.packages)
        provisional = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
        good = good and bool(provisional) == expected.keeps_delivery
        all_good = all_good and good
        goods = order.order_line.filtered(lambda line: line.product_id.is_storable)
        lines = "\n".join(
            f"{line.qty_delivered:g}/{line.product_uom_qty:g} × {line.product_id.default_code}" for line in goods
        )
        labels = dict(order._fields["fba_status"]._description_selection(env))
        shipments = "\n".join(f"{picking.name} {picking.amazon_shipment_id or ''}".strip() for picking in done)
        tracking = "\n".join(f"{package.carrier_code} {package.tracking_number}" for package in packages)
        table.add_row(
            order.name or "-",
            expected.shows,
            lines,
            labels.get(order.fba_status, "-"),
            ": ".join(filter(None, (amazon_status, fulfillment.error_message))) or "-",
            shipments or "-",
            tracking or "-",
            "[green]yes[/]" if good else f"[red]no: {ended}[/]",
        )
    console.print(table)
    return all_good


def show_sales(console: Console, env, sales: dict[str, Sale]) -> bool:
    """The inbox; every total of Odoo's has to be Amazon's."""
    columns = ("Amazon order", "Shows", "State", "Amazon's total", "Order", "Total", "Tracking", "As expected")
    table = Table(*columns, title="Sold on Amazon", show_lines=True)
    all_good = True
    for row in env["fba.amazon.order"].search([("amazon_order_id", "in", list(sales))]):
        sale, order = sales[row.amazon_order_id], row.sale_id
        good = row.state == sale.state and bool(order) == (row.state == "done")
        good = good and (not order or (order.fba_status, order.amount_total) == ("shipped", row.amount_total))
        good = good and row.is_tracked == (sale.status == "SHIPPED")
        all_good = all_good and good
        table.add_row(
            row.amazon_order_id,
            sale.shows,
            dict(row._fields["state"]._description_selection(env))[row.state],
            f"{row.amount_total:.2f}",
            order.name or row.error_message,
            f"{order.amount_total:.2f}" if order else "-",
            "\n".join(row.shipped_item_ids.mapped("tracking_number")) or "-",
            "[green]yes[/]" if good else "[red]no[/]",
        )
    console.print(table)
    return all_good


def show_stock(console: Console, before, after) -> None:
    table = Table("SKU", "On hand before", "On hand after", "Reserved after", title="AFN stock")
    for sku, (quantity, _reserved) in sorted(before.items()):
        now, reserved = after.get(sku, (0, 0))
        table.add_row(sku, f"{quantity:g}", f"{now:g}", f"{reserved:g}")
    console.print(table)


if __name__ == "__main__":
    argparse.ArgumentParser(prog="make demo", description=__doc__, allow_abbrev=False).parse_args()
    try:
        sys.exit(main())
    except SetupError as error:
        say(f"\nThe demo stopped: {error}")
        sys.exit(1)
