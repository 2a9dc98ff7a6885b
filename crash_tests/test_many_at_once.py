"""Workers, clerks and Amazon at the same orders at the same time, in processes of their own."""

import json
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from odoo.fields import Command

from .case import DATABASE, CrashCase
from .clerk import Clerks
from .worker import DONE, Worker, pull, push

ROUNDS = 6
CLICKS = 12  # of each clerk


class TestManyAtOnce(CrashCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = ("sales_team.group_sale_salesman_all_leads", "fba_connector.group_fba_user", "stock.group_stock_user")
        cls.clerk = cls.env["res.users"].create(
            {
                "name": "A clerk",
                "login": "clerk",
                "group_ids": [Command.link(cls.env.ref(group).id) for group in groups],
            }
        )

    def test_two_workers_and_three_clerks(self):
        """No order is sent twice, nothing deadlocks, and what a clerk was told has happened stays so."""
        told, deadlocks = Counter(), self.deadlocks()
        for seed in range(ROUNDS):
            with self.subTest(seed=seed), TemporaryDirectory() as folder:
                self.reset_simulator()
                sales = self.env["sale.order"].union(
                    *(self.sourced({self.product_a: 2, self.product_b: 1}) for _number in range(6))
                )
                sales[:3].fba_fulfillment_order_ids.action_submit()
                clerks = Clerks(self.clerk, sales, Path(folder, "diary"))
                self.env.cr.commit()
                chance = Random(seed)  # noqa: S311
                lives = [clerks.actions(chance, CLICKS) for _clerk in range(3)] + [[push, pull] * 4] * 2
                workers = [Worker(DATABASE, life) for life in lives]
                self.assertEqual([worker.end() for worker in workers], [DONE] * len(workers))
                self.come_to_rest(sales)
                self.compare(sales)
                clicks = clerks.clicks()
                told.update(f"{click.button}: {click.answer}" for click in clicks)
                self.check_what_was_told(clicks)
        print(f"{self.id()}: {json.dumps(told, sort_keys=True)}, {self.deadlocks() - deadlocks} deadlocks")
        self.assertEqual(self.deadlocks(), deadlocks)

    def check_what_was_told(self, clicks):
        for sale in self.env["sale.order"].browse({click.sale for click in clicks}):
            done = {click.button for click in clicks if click.sale == sale.id and click.answer == "done"}
            orders = sale.fba_fulfillment_order_ids
            if "cancel" in done:
                self.assertTrue(
                    sale.state == "cancel" or orders.shipment_ids, f"{sale.name} was cancelled, and goes on"
                )
            elif "submit" in done and not done & {"release", "ask"}:
                self.assertEqual(orders.mapped("state"), ["shipped"] * len(orders), f"{sale.name} was submitted")

    def deadlocks(self):
        self.env.cr.execute(
            "SELECT pg_stat_clear_snapshot(), deadlocks FROM pg_stat_database WHERE datname = %s", [DATABASE]
        )
        return self.env.cr.fetchone()[1]
