"""Two servers and a job runner on one database: each is killed in turn, as is PostgreSQL."""

from collections import Counter
from datetime import timedelta

import odoo.sql_db
import psycopg2

from crash_tests.case import DATABASE, CrashCase
from crash_tests.test_bad_processes import crash_database

from .servers import STARTS_WITHIN_S, running, until

CONFIG = odoo.tools.config["config"]
ORDERS = 24
AT_REST_WITHIN_S = 480


class TestKilledServers(CrashCase):
    def setUp(self):
        self.reset_simulator()
        self.control("POST", "settings", latency_seconds=0.1)
        self.control("PUT", "stock/A", fulfillable=1000)

    def queued_orders(self, count):
        sales = self.env["sale.order"].union(*(self.sourced({self.product_a: 1}) for _number in range(count)))
        orders = sales.fba_fulfillment_order_ids
        orders.action_submit()
        self.env.cr.commit()
        return orders

    def look(self, query, *values):
        """Rows of a new transaction."""
        self.env.cr.rollback()
        self.env.cr.execute(query, values)
        return self.env.cr.fetchall()

    def sent(self):
        """How many creates Amazon has accepted."""
        return sum(call["status"] == 200 for call in self.journal("createFulfillmentOrder"))

    def has_runner(self):
        self.env.cr.rollback()
        return self.env["fba.account"]._has_runner()

    def second_began(self, servers):
        """Whether a server has found the task at work elsewhere."""
        return any("already running" in it.said() for it in servers.servers)

    def is_at_work(self, task):
        """Whether a process holds our own lock."""
        self.env.cr.rollback()
        return self.account.task_lock_ids.filtered(lambda lock: lock.task == task)._is_held()

    def wake(self, task):
        self.account._trigger_again(task, timedelta())
        self.env.cr.commit()

    def test_each_is_killed_in_turn_and_all_is_done_once(self):
        orders = self.queued_orders(ORDERS)
        with running(CONFIG, DATABASE) as servers:
            until(self.has_runner, STARTS_WITHIN_S, "a runner")
            self.go_on_until(servers, orders, lambda: self.sent() >= 5)
            busy = {pid for (pid,) in self.look("SELECT worker_pid FROM queue_job WHERE state = 'started'")}
            server = next((it for it in servers.servers if it.pids & busy), servers.servers[0])
            server.kill()
            server.start()
            self.go_on_until(servers, orders, lambda: self.sent() >= ORDERS / 3)
            servers.runner.kill()
            servers.runner.start()
            self.go_on_until(servers, orders, lambda: self.sent() >= ORDERS / 2)
            crash_database()
            odoo.sql_db.close_all()  # those of the pool that are gone
            orders = self.connect_again(orders)
            self.go_on_until(servers, orders, lambda: set(orders.mapped("state")) == {"in_shipping"})
            for number, order in enumerate(orders):
                self.ship(order, (f"1Z{number}", {"A": 1}))
            self.go_on_until(servers, orders, lambda: set(orders.mapped("state")) == {"shipped"}, "pull")
            self.go_on_until(servers, orders, lambda: self.both_have_worked(servers), "pull")
        self.check_exactly_once(orders)
        self.check_plan()

    def go_on_until(self, servers, orders, is_so, task="push"):
        """Time goes by, for leases that nobody holds any more as well."""

        def look():
            servers.look()
            try:
                self.make_due(orders)
                self.wake(task)
            except psycopg2.errors.SerializationFailure:  # workers are at these orders
                self.env.cr.rollback()
            orders.invalidate_recordset()
            return is_so()

        until(look, AT_REST_WITHIN_S, f"{task}: {Counter(orders.mapped('state'))}")

    def both_have_worked(self, servers):
        pids = {pid for (pid,) in self.look("SELECT DISTINCT worker_pid FROM queue_job WHERE state = 'done'")}
        return all(server.pids & pids for server in servers.servers)

    def check_plan(self):
        statuses = Counter(call["status"] for call in self.control("GET", "journal"))
        print(f"{self.id()}: {dict(statuses)}")
        self.assertLess(statuses[429], 0.01 * statuses.total())

    def test_second_server_waits_for_the_first_whose_scheduled_action_lost_its_lock(self):
        self.control("POST", "settings", latency_seconds=3)
        push = self.env.ref("fba_connector.ir_cron_push_fulfillment_orders")
        self.env["ir.cron"].search([("id", "!=", push.id)]).active = False
        orders = self.queued_orders(12)
        with running(CONFIG, DATABASE, jobs=0) as servers:
            until(lambda: self.is_at_work("push") or self.wake("push"), STARTS_WITHIN_S, "the first server begins")
            until(self.sent, STARTS_WITHIN_S, "it sends")
            [first] = self.idle_holders("ir_cron")
            self.look("SELECT pg_terminate_backend(%s)", first)
            until(lambda: self.second_began(servers) or self.wake("push"), STARTS_WITHIN_S, "the second server begins")
            self.assertTrue(self.is_at_work("push"), "the first is at work")
            until(lambda: self.sent() == len(orders) and not self.is_at_work("push"), AT_REST_WITHIN_S, "all are sent")
            self.env.cr.rollback()
        orders.invalidate_recordset()
        self.assertEqual(Counter(orders.mapped("state")), {"in_shipping": len(orders)})
        self.check_exactly_once(orders)
