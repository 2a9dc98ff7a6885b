"""A company that sells from Amazon's warehouse, and a simulated Amazon over HTTP."""

import json
import time
import unittest
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import requests
from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase

from .. import amazon
from ..amazon import pace
from ..amazon.pace import Clock
from .worlds import WORLD

try:
    from amazon_simulator import SimulatorServer
except ImportError:  # installed without the project around it: there is no Amazon to test against
    SimulatorServer = None


class SimulatorMixin:
    """The simulator of a test class, reset for every test, and what its control calls are needed for."""

    in_schedules = False  # whether this is about bad days
    all_act = False  # whether add-ons of others may add lines to orders and lock them

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_simulator()
        WORLD.prepare(cls)
        cls.set_up_company()
        WORLD.begin(cls)

    def setUp(self):
        if reason := WORLD.reason(self):
            self.skipTest(reason)
        super().setUp()
        self.reset_simulator()

    def tearDown(self):
        WORLD.end(self)
        super().tearDown()

    @classmethod
    def start_simulator(cls):
        if not SimulatorServer:
            raise unittest.SkipTest("The simulator is not on the Python path.")
        cls.simulator = SimulatorServer()
        cls.addClassCleanup(cls.simulator.close)

    @classmethod
    def control(cls, method, path, **body):
        response = requests.request(method, f"{cls.simulator.url}/_simulator/{path}", data=json.dumps(body), timeout=20)
        assert response.ok, response.text
        return response.json()

    @classmethod
    def attempt(cls, path, **body):
        """What Amazon does, if it can just now; else None."""
        response = requests.post(f"{cls.simulator.url}/_simulator/{path}", data=json.dumps(body), timeout=20)
        assert response.status_code in (200, 400), response.text
        return response.json() if response.ok else None

    @classmethod
    def end_at_amazon(cls):
        """Orders handled by hand do not ship by themselves: here Amazon ships what is open, or cannot."""
        for order in cls.control("GET", "fulfillment-orders"):
            items = [{"seller_sku": it["seller_sku"], "quantity": it["open"]} for it in order["lines"] if it["open"]]
            if items and order["manual"] and order["status"] in ("New", "Received", "Planning", "Processing"):
                path = f"fulfillment-orders/{order['order_id']}"
                box = {"carrier_code": "UPS", "items": items}
                cls.attempt(f"{path}/ship", packages=[box]) or cls.attempt(f"{path}/cannot-fulfill")

    @classmethod
    def journal(cls, operation):
        return cls.control("GET", f"journal?operation={operation}")

    @classmethod
    def advance(cls, minutes):
        cls.control("POST", "clock/advance", seconds=minutes * 60)

    @classmethod
    @contextmanager
    def at_amazons_pace(cls):
        """What the add-on waits for Amazon's usage plan passes at Amazon, and takes no time here."""
        waited_s = 0.0

        def sleep(seconds):
            nonlocal waited_s
            waited_s += seconds
            cls.control("POST", "clock/advance", seconds=seconds)

        clock = Clock(now=lambda: time.monotonic() + waited_s, sleep=sleep)
        amazon.forget_paces()
        with patch.object(pace, "Clock", lambda: clock):
            yield

    @classmethod
    def fault(cls, operation, kind, **options):
        cls.control("POST", "faults", operation=operation, kind=kind, **{"count": 1, **options})

    @classmethod
    def habit(cls, name, **options):
        """One of Amazon's careless habits, until `no_habits` or the next reset; see docs/simulator.md."""
        cls.control("POST", "habits", habit=name, **options)

    @classmethod
    def no_habits(cls):
        cls.control("DELETE", "habits")

    @classmethod
    def ship(cls, fulfillment, *packages):
        """One shipment; each package is (tracking number, {SKU: quantity})."""
        cls.control(
            "POST",
            f"fulfillment-orders/{fulfillment.name}/ship",
            packages=[
                {
                    "carrier_code": "UPS",
                    "tracking_number": tracking,
                    "items": [{"seller_sku": sku, "quantity": quantity} for sku, quantity in items.items()],
                }
                for tracking, items in packages
            ],
        )

    @classmethod
    def cannot_fulfill(cls, fulfillment, **items):
        rows = [{"seller_sku": sku, "quantity": quantity} for sku, quantity in items.items()]
        cls.control(
            "POST", f"fulfillment-orders/{fulfillment.name}/cannot-fulfill", **({"items": rows} if rows else {})
        )

    @classmethod
    def sell_on_amazon(cls, *items, **values):
        """The ID of a sale on Amazon; items are (SKU, quantity, line price, other amounts)."""
        sale = cls.control(
            "POST",
            "sales",
            items=[
                {"seller_sku": sku, "quantity": quantity, "item_price": price, **other}
                for sku, quantity, price, other in items
            ],
            **{"marketplace_id": "ATVPDKIKX0DER", "currency": "USD", **values},
        )
        cls.advance(minutes=10)
        return sale["amazon_order_id"]

    @classmethod
    def set_up_company(cls):
        """An account at the simulator, its warehouse with stock of SKU A and B, a customer."""
        env = cls.env
        # The demo's account must not answer for ours.
        env["fba.account"].search([]).paused = True
        env.cr.execute("UPDATE stock_warehouse SET is_afn = FALSE")  # theirs have stock: no person may
        env.invalidate_all()
        cls.own = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
        cls.account = env["fba.account"].create(cls.account_values("Test store"))
        cls.afn = env["stock.warehouse"].create(
            {
                "name": "Test FBA",
                "code": "TFBA",
                "is_afn": True,
                "fba_account_id": cls.account.id,
                "fba_marketplace_id": env.ref("fba_connector.marketplace_us").id,
            }
        )
        cls.product_a, cls.product_b = cls.new_product("A"), cls.new_product("B")
        cls.customer = env["res.partner"].create(
            {
                "name": "Eva Muster",
                "street": "1 Main Street",
                "city": "Portland",
                "state_id": env["res.country.state"].search([("code", "=", "OR"), ("country_id.code", "=", "US")]).id,
                "zip": "97201",
                "country_id": env.ref("base.us").id,
                "email": "eva@example.com",
            }
        )

    @classmethod
    def account_values(cls, name, **values):
        return {
            "name": name,
            "environment": "custom",
            "region": "na",
            "api_endpoint": cls.simulator.url,
            "lwa_endpoint": cls.simulator.lwa_url,
            "lwa_client_id": "amzn1.application-oa2-client.demo",
            "lwa_client_secret": "demo-secret",
            "refresh_token": "Atzr|demo",
            "marketplace_ids": [Command.link(cls.env.ref("fba_connector.marketplace_us").id)],
            "import_from": "2026-11-01",  # orders of sold.py are of that month
            **values,
        }

    @classmethod
    def reset_simulator(cls):
        cls.control("POST", "reset")
        amazon.forget_paces()  # its usage plans are fresh again, and so are ours
        for sku in ("A", "B"):
            cls.control("PUT", f"stock/{sku}", fulfillable=10 * cls.factor())

    @classmethod
    def another_seller(cls, seller="Atzr|another"):
        """The keys of another seller at Amazon, with the same stock."""
        credentials = {"client_id": "amzn1.application-oa2-client.demo", "client_secret": "demo-secret"}
        cls.control("POST", "sellers", refresh_token=seller, marketplace_ids=["ATVPDKIKX0DER"], **credentials)
        for sku in ("A", "B"):
            cls.control("PUT", f"stock/{sku}", seller=seller, fulfillable=10)
        return {"refresh_token": seller}

    @classmethod
    def new_product(cls, sku):
        """A storable product with 10 pieces at Amazon."""
        product = cls.env["product.product"].create(
            {
                "name": f"Product {sku}",
                "default_code": sku,
                "is_storable": True,
                "list_price": 10,
                "taxes_id": False,
                **WORLD.product(cls),
            }
        )
        WORLD.made(cls, product)
        cls.stock(cls.afn, product, 10 * cls.factor())
        return product

    @classmethod
    def factor(cls):
        return WORLD.factor if cls.in_schedules else 1

    @classmethod
    def stock(cls, warehouse, product, quantity):
        WORLD.stock(cls, warehouse, product, quantity)

    @classmethod
    def sell(cls, lines, **values):
        """A quotation of {product: quantity} for the customer, from the company's own warehouse."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "warehouse_id": cls.own.id,
                "order_line": [
                    Command.create(WORLD.line(cls, product, quantity)) for product, quantity in lines.items()
                ],
                **values,
            }
        )
        return WORLD.order(cls, order)

    @classmethod
    def sourced(cls, lines, **values):
        """A confirmed order, sourced from Amazon."""
        order = cls.sell(lines, **values)
        WORLD.confirm(cls, order)
        order.action_fulfill_by_amazon()
        return order

    def free(self, product, warehouse=None):
        warehouse = warehouse or self.afn
        product.invalidate_recordset()
        return product.with_context(warehouse_id=warehouse.id).free_qty

    def on_hand(self, product):
        product.invalidate_recordset()
        return product.with_context(warehouse_id=self.afn.id).qty_available

    def rows(self, order):
        """The order's rows on the Sourcing tab, as they are now."""
        self.env.invalidate_all()
        return order.fba_sourcing_ids

    def open_deliveries(self, order):
        return order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))

    def assert_adds_up(self, order):
        """Ordered = delivered + open + unsourced for every line; no receipt; stock is there, and reserved just once."""
        self.env.invalidate_all()
        for line in order.order_line.filtered(lambda line: line.product_id.is_storable):
            moves = line.move_ids.filtered(lambda move: move.state != "cancel")
            units = sum(move._fba_units() for move in moves) + line.fba_unsourced_product_qty  # exact: no dozens
            delivered = sum(move._fba_units() for move in moves if move.state == "done")
            self.assertAlmostEqual(line._fba_ordered() if order.state == "sale" else delivered, units, 2, line.name)
        self.assertFalse(order.picking_ids.filtered(lambda picking: picking.picking_type_code == "incoming"))
        locations = (self.own + self.afn).lot_stock_id
        open_moves = [("state", "not in", ("done", "cancel")), ("location_id", "in", locations.ids)]
        ours = [("location_id", "in", locations.ids), ("product_id", "in", order.order_line.move_ids.product_id.ids)]
        groups = ["product_id", "location_id"]  # a quant that is locked gets a second one beside it, for a while
        quants = self.env["stock.quant"]._read_group(ours, groups, ["quantity:sum", "reserved_quantity:sum"])
        for product, location, quantity, reserved_quantity in quants:
            self.assertGreaterEqual(quantity, 0)
            here = [("product_id", "=", product.id), ("location_id", "=", location.id)]
            reserved = sum(self.env["stock.move"].search([*open_moves, *here]).mapped("quantity"))
            self.assertEqual(reserved_quantity, reserved, f"{product.name} in {location.complete_name}")
        for fulfillment in order.fba_fulfillment_order_ids.filtered(lambda it: it._is_live() and not it.at_amazon):
            for line in fulfillment.line_ids:
                held = Counter()
                for move in line.move_ids._fba_open():
                    held[move.product_id] += move.product_qty
                of_sku = {product: units * line.quantity for product, units in line._per_unit().items()}
                self.assertEqual(+held, +Counter(of_sku), f"{fulfillment.name}: {line.seller_sku}")

    def assert_same_at_amazon(self, fulfillments):
        """Amazon has these orders and no other, line by line, and Odoo has each of their shipments just once."""
        there = {order["order_id"]: order for order in self.control("GET", "fulfillment-orders")}
        self.assertEqual(set(there), set(fulfillments.mapped("name")))
        for fulfillment in fulfillments:
            self.assertEqual(
                [(it["item_id"], it["seller_sku"], it["quantity"]) for it in there[fulfillment.name]["lines"]],
                [(line.item_id, line.seller_sku, line.quantity) for line in fulfillment.line_ids],
            )
            self.assertEqual(self.booked(fulfillment), self.shipped(there[fulfillment.name]))

    def booked(self, order):
        """[(shipment, [(SKU, units)])] of the done deliveries."""
        done = order.picking_ids.filtered(lambda picking: picking.state == "done")
        return sorted(
            (
                it.amazon_shipment_id,
                self.units(
                    (line.seller_sku, line._units_of(moves))
                    for line, moves in it.move_ids.filtered(lambda move: move.state != "cancel")
                    .grouped("fba_line_id")
                    .items()
                ),
            )
            for it in done
        )

    def shipped(self, order):
        """The same, as Amazon tells it."""
        return sorted(
            (
                shipment["shipment_id"],
                self.units((it["seller_sku"], it["quantity"]) for box in shipment["packages"] for it in box["items"]),
            )
            for shipment in order["shipments"]
            if shipment["status"] == "SHIPPED"
        )

    def mails(self, order):
        """How many confirmations of each shipment that left wait in Odoo's queue."""
        return [
            self.env["mail.mail"].search_count([("model", "=", "stock.picking"), ("res_id", "=", picking.id)])
            for picking in order.shipment_ids.picking_id
        ]

    def units(self, pairs):
        total = Counter()
        for sku, quantity in pairs:
            total[sku] += quantity
        return sorted(total.items())


class FbaCase(SimulatorMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(cls.at_amazons_pace())

    @classmethod
    def _request_handler(cls, session, request, /, **options):
        """Odoo's guard of the network compares the timeout with a number; a download has one for each of its waits."""
        if isinstance(options.get("timeout"), tuple):
            options["timeout"] = max(options["timeout"])
        return super()._request_handler(session, request, **options)

    def run_job(self, name):
        """A scheduled action, run as Odoo's scheduler does, with its commits."""
        WORLD.before_job(self)
        with self.enter_registry_test_mode():
            # As Odoo's scheduler: it has nobody's companies.
            self.env(context=WORLD.context).ref(f"fba_connector.ir_cron_{name}").method_direct_trigger()
        WORLD.after_job(self)

    def push(self):
        self.run_job("push_fulfillment_orders")

    def pull(self):
        self.run_job("pull_fulfillment_orders")

    def read_counts(self):
        """Amazon's counts as they are now, without a synchronization."""
        with self.account._open_gateway() as gateway:
            for warehouse in self.account._afn_warehouses():
                warehouse._fba_read_counts(gateway, full=True)

    def queued(self, lines=None, **values):
        """A fulfillment order that the next push sends; of two A by default."""
        fulfillment = self.sourced(lines or {self.product_a: 2}, **values).fba_fulfillment_order_ids
        WORLD.sender(self, fulfillment).action_submit()
        return fulfillment

    def sent(self, lines, **values):
        """A fulfillment order Amazon has accepted."""
        fulfillment = self.queued(lines, **values)
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping", fulfillment.error_message)
        return fulfillment

    def return_delivery(self, picking, quantity):
        """Odoo's own *Return* of a delivery with one product."""
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = quantity
        return self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])

    def make_due(self, fulfillment):
        """As if the time it waits for had come."""
        fulfillment.sudo().due_at = fields.Datetime.now() - timedelta(seconds=1)

    def activities(self, record, name):
        """Of the add-on's kind `name`."""
        kind = self.env.ref(f"fba_connector.mail_activity_type_{name}")
        return record.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def reread(self, *fulfillments):
        """The scheduled action reads these again, as if it were time."""
        for fulfillment in fulfillments:
            self.make_due(fulfillment)
        self.pull()

    def create_count(self):
        """How often Amazon was asked to create an order."""
        return len(self.journal("createFulfillmentOrder"))

    def forget_sending(self, fulfillment):
        """As a database restored from a backup of before the sending knows it."""
        fulfillment.sighting_ids.unlink()
        fulfillment.shipment_ids.unlink()
        unsent = ("submitted_at", "first_sent_at", "amazon_status", "amazon_updated_at", "snapshot_at", "due_at")
        fulfillment.write({**dict.fromkeys((*unsent, "at_amazon"), False), "send_count": 0})
        fulfillment.state = "ready"
        self.account.pull_cursor = fields.Datetime.now() - timedelta(days=3)

    def let_hours_pass(self, fulfillment, hours, *names):
        """As if the moments `names` were so much longer ago."""
        for name in names:
            fulfillment[name] -= timedelta(hours=hours)

    def outcome(self, fulfillment):
        """All that a user relies on, without Odoo's own ids and names, and without times."""
        self.env.invalidate_all()
        sale = fulfillment.sale_id
        message = (fulfillment.error_message or "").replace(fulfillment.name, "[name]").replace(sale.name, "[sale]")
        done = fulfillment.picking_ids.filtered(lambda picking: picking.state == "done")
        return {
            "state": (fulfillment.state, fulfillment.amazon_status, message, fulfillment.failure_message),
            "sale": (sale.fba_status, sale.delivery_status, sale.order_line.mapped("qty_delivered")),
            "unsourced": sale.order_line.mapped("fba_unsourced_qty"),
            "lines": [
                (line.seller_sku, line.shipped_quantity, line.unfillable_quantity, line.cancelled_quantity)
                for line in fulfillment.line_ids
            ],
            "open": sorted(
                (move.product_id.default_code, move.product_qty, move.state)
                for move in (fulfillment.picking_ids - done).move_ids._fba_open()
            ),
            "done": sorted(
                (
                    picking.amazon_shipment_id,
                    picking.carrier_tracking_ref or "",
                    sorted((line.product_id.default_code, line.quantity) for line in picking.move_line_ids),
                )
                for picking in done
            ),
            "shipments": sorted(
                (it.amazon_shipment_id, it.status, it.difference or "") for it in fulfillment.shipment_ids
            ),
            "stock": [(self.on_hand(product), self.free(product)) for product in self.product_a | self.product_b],
            "activities": sorted(sale.activity_ids.activity_type_id.mapped("name")),
        }
