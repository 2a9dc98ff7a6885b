"""Amazon's usage plans, shared by processes: each `Pace` here stands for a process of its own."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import psycopg2
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import amazon
from ..models.account.fba_usage_plan import SharedPlan
from .common import FbaCase

MODULE = "odoo.addons.fba_connector.models.account.fba_usage_plan"
SLOW = amazon.Bucket("slow", 0.001, 29)  # nothing comes back while a test runs
PATIENT = float("inf")
CLOCK = amazon.Clock()


@tagged("post_install", "-at_install")
class TestUsagePlan(FbaCase):
    def setUp(self):
        super().setUp()
        self.seller = str(uuid.uuid4())
        self.addCleanup(self.forget)

    def forget(self):
        with self.env.registry._db.cursor() as cr:
            cr.execute("DELETE FROM fba_usage_plan WHERE seller = %s", [self.seller])

    def plan(self, database=None, seller=None):
        return SharedPlan(database or self.env.cr.dbname, seller or self.seller)

    def test_what_one_process_leases_the_others_do_not_have(self):
        first, second = self.plan(), self.plan()
        self.assertEqual(first.left(SLOW, CLOCK), 29)
        lease = first.lease(SLOW, 20, 0, CLOCK)
        self.assertEqual((lease.count, lease.pause_s <= 0), (20, True))
        self.assertAlmostEqual(second.left(SLOW, CLOCK), 9, places=1)
        self.assertEqual(self.plan(seller="another").left(SLOW, CLOCK), 29)

    def test_calls_beyond_what_is_left_have_their_turn_one_after_the_other(self):
        brisk = amazon.Bucket("brisk", 0.5, 4)
        self.assertEqual(self.plan().lease(brisk, 4, 0, CLOCK).count, 4)
        pauses = [self.plan().lease(brisk, 2, PATIENT, CLOCK).pause_s for _process in range(3)]
        for pause_s, expected in zip(pauses, (2, 6, 10), strict=True):
            self.assertAlmostEqual(pause_s, expected, delta=1.9)
        self.assertLess(self.plan().left(brisk, CLOCK), -5)

    def test_no_call_is_taken_by_whoever_cannot_wait_for_it(self):
        self.plan().lease(SLOW, 29, 0, CLOCK)
        lease = self.plan().lease(SLOW, 4, 60, CLOCK)
        self.assertEqual(lease.count, 0)
        self.assertAlmostEqual(lease.pause_s, 1000, delta=60)
        self.assertAlmostEqual(self.plan().left(SLOW, CLOCK), 0, delta=0.1)

    def test_after_a_refusal_nothing_is_left_for_anybody(self):
        self.plan().empty(SLOW, CLOCK)
        self.assertEqual(self.plan().lease(SLOW, 1, 60, CLOCK).count, 0)
        self.plan().lease(SLOW, 9, PATIENT, CLOCK)
        self.plan().empty(SLOW, CLOCK)
        self.assertAlmostEqual(self.plan().left(SLOW, CLOCK), -9, delta=0.1, msg="those have their turn")

    def test_leases_at_the_same_time_add_up(self):
        with ThreadPoolExecutor(4) as pool:
            leases = list(pool.map(lambda _number: self.plan().lease(SLOW, 1, 0, CLOCK), range(40)))
        self.assertEqual(sum(lease.count for lease in leases), 29)

    def test_several_calls_take_one_lease(self):
        """Whoever goes on calling asks the database for several calls at once."""
        leases, lease = [], SharedPlan.lease
        self.patch(SharedPlan, "lease", lambda *arguments: leases.append(arguments) or lease(*arguments))
        pace, operation = amazon.Pace(plan=self.plan()), amazon.Operation("often", rate=1000, burst=1000)
        for _call in range(100):
            pace.wait(operation)
        self.assertLess(len(leases), 12)

    def test_clock_that_is_put_back_takes_nothing_away(self):
        self.plan().lease(SLOW, 9, 0, CLOCK)
        self.env.cr.execute("SELECT 1")  # this transaction sees the row only from here on
        with self.env.registry._db.cursor() as cr:
            cr.execute("UPDATE fba_usage_plan SET counted_at = counted_at + 86400 WHERE seller = %s", [self.seller])
        self.assertAlmostEqual(self.plan().left(SLOW, CLOCK), 20, delta=0.1)
        self.assertEqual(self.plan().lease(SLOW, 20, 0, CLOCK).count, 20)

    def test_clock_that_is_put_back_holds_up_no_call(self):
        brisk = amazon.Bucket("brisk", 20, 1)
        self.plan().lease(brisk, 1, 0, CLOCK)
        with self.env.registry._db.cursor() as cr:
            cr.execute(
                "UPDATE fba_usage_plan SET counted_at = counted_at + 86400, calls = 0 WHERE seller = %s", [self.seller]
            )
        self.assertEqual(self.plan().lease(brisk, 1, 0, CLOCK).count, 0)
        time.sleep(0.1)
        self.assertEqual(self.plan().lease(brisk, 1, 0, CLOCK).count, 1)

    @mute_logger(MODULE, "odoo.sql_db")
    def test_without_the_database_each_process_counts_for_itself(self):
        alone = self.plan(database="a database that is not there")
        with self.assertRaises(psycopg2.Error):
            psycopg2.connect(dbname="a database that is not there")
        self.assertEqual(alone.lease(SLOW, 29, 0, CLOCK).count, 29)
        self.assertEqual(alone.lease(SLOW, 1, 0, CLOCK).count, 0)
        self.assertAlmostEqual(alone.left(SLOW, CLOCK), 0, delta=0.1)

    def test_account_leases_from_what_all_processes_share(self):
        with self.account._open_gateway() as gateway:
            gateway.try_access()
        with self.account._open_gateway() as gateway:
            seller = amazon.seller_key(gateway._transport.connection)
        with self.env.registry._db.cursor() as cr:
            cr.execute("SELECT count(*) FROM fba_usage_plan WHERE seller = %s", [seller])
            self.assertGreater(cr.fetchone()[0], 1)

    def test_rows_that_say_nothing_any_more_are_deleted(self):
        Plan = self.env["fba.usage.plan"]
        old, new = Plan.create(
            [
                {"seller": self.seller, "operation": "old", "counted_at": 1_600_000_000},
                {"seller": self.seller, "operation": "new", "counted_at": 32_000_000_000},
            ]
        )
        Plan._gc_full()
        self.assertEqual((old | new).exists(), new)
