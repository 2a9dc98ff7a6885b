"""Twenty schedules with real processes: workers and the database are killed in the middle, while calls break."""

import json
from collections import Counter
from random import Random

from scripts.host.postgres import Cluster

from .case import DATABASE, CrashCase
from .worker import BEREFT, KILLED, Worker, kill_itself, pull, push

SCHEDULES = 20
FAULTS = ("drop_before", "drop_after", "truncated", "html", "empty")
CALLS = ("createFulfillmentOrder", "createFulfillmentOrder", "getFulfillmentOrder", "listAllFulfillmentOrders")


class TestBadProcesses(CrashCase):
    def test_any_schedule_comes_to_its_one_right_end(self):
        counts = Counter()
        for seed in range(SCHEDULES):
            with self.subTest(seed=seed):
                self.play(Random(seed), counts)  # noqa: S311
        print(f"{self.id()}: {json.dumps(counts, sort_keys=True)}")
        self.assertTrue({KILLED, BEREFT} <= counts.keys(), f"nothing went wrong in it: {counts}")

    def play(self, chance, counts):
        self.reset_simulator()
        sales = self.env["sale.order"].union(
            *(self.sourced({self.product_a: chance.randint(1, 3), self.product_b: 1}) for _number in range(4))
        )
        sales.fba_fulfillment_order_ids.action_submit()
        for _round in range(3):
            for _fault in range(chance.randint(0, 2)):
                kind = chance.choice(FAULTS)
                self.fault(chance.choice(CALLS), kind, **({} if kind.startswith("drop") else {"after_effect": True}))
                counts[f"fault: {kind}"] += 1
            doom, point = chance.choice([kill_itself, crash_database]), chance.randint(1, 14)
            self.env.cr.commit()
            workers = [Worker(DATABASE, [push, pull], point, doom), Worker(DATABASE, [pull, push])]
            ends = [worker.end() for worker in workers]
            counts.update(ends)
            if BEREFT in ends:
                sales = self.connect_again(sales)
            self.wait_for_locks()
            self.amazon_goes_on(chance)
            self.make_due(sales.fba_fulfillment_order_ids)
        self.come_to_rest(sales)
        self.compare(sales)
        self.assertEqual(set(sales.mapped("fba_status")) - {"shipped", "exception"}, set())

    def amazon_goes_on(self, chance):
        for order in self.control("GET", "fulfillment-orders"):
            if chance.random() < 0.5:
                sku = chance.choice("AB")
                boxes = [{"carrier_code": "UPS", "items": [{"seller_sku": sku, "quantity": 1}]}]
                self.attempt(f"fulfillment-orders/{order['order_id']}/ship", packages=boxes)
            elif chance.random() < 0.2:
                self.attempt(
                    f"fulfillment-orders/{order['order_id']}/cannot-fulfill", items=[{"seller_sku": "A", "quantity": 1}]
                )


def crash_database():
    Cluster(lasting=True).crash()
