"""A company and its simulated Amazon for workers that die, and what has to hold once others have gone on."""

import atexit
import itertools
import unittest
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import odoo
from odoo.addons.fba_connector.tests.books import Books
from odoo.addons.fba_connector.tests.common import SimulatorMixin
from odoo.modules.registry import Registry

from scripts.simulator import running_simulator

from .worker import KILLED, Worker, pull, push

TABLES = "fba_task_lock, fba_fulfillment_order, fba_shipment, fba_amazon_order"
DATABASE = odoo.tools.config["db_name"][0]
STOCK = 100_000  # each kill point takes of it
MOST_TURNS = 8
HOLDERS = """
    SELECT DISTINCT pg_locks.pid FROM pg_locks JOIN pg_class ON pg_class.oid = relation
      JOIN pg_stat_activity ON pg_stat_activity.pid = pg_locks.pid
     WHERE relname = %s AND mode = 'RowShareLock' AND state = 'idle in transaction'
"""


class CrashCase(SimulatorMixin, unittest.TestCase):
    """The database keeps what is done here, so that every process sees it; each kill point has orders of its own."""

    others = (push, pull)  # what the workers do that go on

    @classmethod
    def setUpClass(cls):
        """All classes share the company and the simulator: what is done to the database stays there."""
        if "env" not in vars(CrashCase):
            CrashCase.set_up_for_all()

    @classmethod
    def set_up_for_all(cls):
        cls.connect()
        super().setUpClass()
        for product in (cls.product_a, cls.product_b):
            cls.stock(cls.afn, product, STOCK)
        # Mails stay in Odoo's queue: nobody is there to take them.
        cls.env["ir.config_parameter"].set_param("mail.mail.force.send.limit", 0)
        cls.env.cr.commit()

    @classmethod
    def connect(cls):
        cr = Registry(DATABASE).cursor()
        atexit.register(cr.close)
        CrashCase.env = odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})

    @classmethod
    def start_simulator(cls):
        """In a process of its own, as Amazon is."""
        stack = ExitStack()
        atexit.register(stack.close)
        folder = stack.enter_context(TemporaryDirectory())
        cls.simulator = stack.enter_context(running_simulator(Path(folder, "state")))

    def reset_simulator(self):
        super().reset_simulator()
        self.control("POST", "settings", auto_ship=False)

    # === WHAT HAPPENS === #

    def at_every_kill_point(self, prepare, actions, check):
        """`prepare()` fulfillment orders, kill a worker at its `actions` on them, let others go on, `check(orders)`.

        Again with a later moment, until the worker comes to its end alive.
        """
        for point in itertools.count(1):
            try:
                self.reset_simulator()
                orders = prepare()
                killed = self.work(actions, point)
                self.go_on(orders)
                self.check_exactly_once(orders)
                check(orders)
            except AssertionError as error:
                when = f"killed just {'before' if point % 2 else 'after'} commit {(point + 1) // 2}"
                raise AssertionError(f"{when}: {error}") from error
            if not killed:
                break
        print(f"{self.id()}: {point - 1} kill points")
        self.assertGreater(point, 2 * len(actions), "it was not killed at all")

    def work(self, actions, point=0):
        """A worker's life; whether it was killed."""
        self.env.cr.commit()
        worker = Worker(DATABASE, actions, point)
        end = worker.end()
        self.wait_for_locks()
        return end == KILLED

    def wait_for_locks(self):
        """Until PostgreSQL has noticed the end of a worker: nothing it had locked may stay so."""
        self.env.cr.execute("SET LOCAL lock_timeout = '10s'")
        self.env.cr.execute(f"LOCK TABLE {TABLES} IN ACCESS EXCLUSIVE MODE")
        self.env.cr.commit()

    def go_on(self, orders):
        """Fresh workers, one after the other, until nothing changes any more; no wait is waited for."""
        before = None
        for _turn in range(MOST_TURNS):
            if before == (before := self.picture(orders)):
                return
            self.make_due(orders)
            self.work(self.others)
        self.fail(f"never at rest: {before}")

    def idle_holders(self, table):
        """PIDs of the sessions that lock rows of `table` and are idle in their transaction, as of this moment."""
        self.env.cr.rollback()
        self.env.cr.execute(HOLDERS, [table])
        return [pid for (pid,) in self.env.cr.fetchall()]

    def make_due(self, orders):
        """As if the time they wait for had come, at Amazon too."""
        self.advance(minutes=5)
        self.env.cr.execute(
            "UPDATE fba_fulfillment_order SET due_at = now() AT TIME ZONE 'UTC' - interval '1 second' "
            "WHERE due_at IS NOT NULL AND id IN %s",
            [tuple(orders.ids)],
        )
        self.env.cr.commit()

    def picture(self, orders):
        """What a further run would change if it still had something to do."""
        values = orders.read(["state", "at_amazon", "send_count", "lookup_misses", "amazon_status", "cancel_asked_at"])
        return values, orders.shipment_ids.read(["mail_state"]), orders.sale_id.mapped("state")

    def come_to_rest(self, sales):
        """Trouble is over, Amazon ships what it has, and workers go on until nothing changes any more."""
        self.control("DELETE", "faults")
        self.control("POST", "settings", auto_ship=True)
        for _turn in range(2):  # what is sent now is shipped later
            self.go_on(sales.fba_fulfillment_order_ids)
            self.advance(minutes=24 * 60)
            self.end_at_amazon()
        self.go_on(sales.fba_fulfillment_order_ids)
        # Odoo itself loses count of what is reserved where several people touch one quant; its scheduler counts again.
        self.env["stock.quant"]._quant_tasks()

    @classmethod
    def connect_again(cls, records):
        """After the database went away: `records`, and all of the class, on a new connection."""
        cls.connect()
        for name, value in vars(CrashCase).items():
            if isinstance(value, odoo.models.BaseModel):
                setattr(CrashCase, name, value.with_env(cls.env))
        return records.with_env(cls.env)

    # === WHAT HAS TO HOLD === #

    def compare(self, sales):
        """Amazon's books and Odoo's, but for stock: that of the other tests' orders is in it."""
        books = Books(self, sales, [])
        books.compare_sendings()
        books.compare_orders()
        books.compare_deliveries()
        books.compare_mails()

    def check_exactly_once(self, orders):
        """Amazon has each order once and was not asked again after it had it; Odoo has each of its shipments once."""
        self.assert_same_at_amazon(orders)
        answers = {name: [] for name in orders.mapped("name")}
        for call in self.journal("createFulfillmentOrder"):
            arrived = call["status"] == 200 or call["fault"] == "drop_after"
            answers[call["body"]["sellerFulfillmentOrderId"]].append(arrived)
        for order in orders:
            *missed, last = answers[order.name]
            self.assertTrue(last and not any(missed), f"{order.name} was sent to no purpose: {answers[order.name]}")
        for sale in orders.sale_id:
            self.assert_adds_up(sale)
