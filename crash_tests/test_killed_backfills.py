import itertools
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.fba_connector.models.amazon_order import fba_backfill_run

from .case import CrashCase

DAY = timedelta(days=1)


def import_earlier(env) -> None:
    env["fba.account"]._cron_backfill()


class TestKilledBackfills(CrashCase):
    """Earlier orders: each in Odoo once, whoever dies over them; two orders are two commits."""

    others = (import_earlier,)
    numbers = itertools.count(1)  # a simulator that is reset begins its own again

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(patch.object(fba_backfill_run, "STAGED_AT_ONCE", 1))
        cls.enterClassContext(patch.object(fba_backfill_run, "AT_ONCE", 1))
        later = patch.object(type(cls.env["fba.backfill"]), "_report_end", lambda it: it.create_date + DAY)
        cls.enterClassContext(later)

    def asked_for(self):
        """An import of two orders that left a day ago at Amazon, whose clock is ahead."""
        self.control("POST", "settings", report_seconds=0)
        numbers = [next(self.numbers) for _order in range(2)]
        self.ids = [
            self.sell_on_amazon(("A", 1, "20.00", {}), amazon_order_id=f"115-0000000-{it:07}") for it in numbers
        ]
        self.advance(minutes=2 * 24 * 60)
        self.before, now = self.on_hand(self.product_a), fields.Datetime.now()
        backfill = self.account._request_backfill(
            {
                "marketplace_ids": self.account.marketplace_ids.ids,
                "ordered_from": now - DAY,
                "ordered_to": now + DAY,
                "way": "report",
                "reported_tax": "ask",
            }
        )
        self.env.cr.commit()
        return backfill

    def make_due(self, _backfill):
        self.advance(minutes=5)

    def picture(self, backfill):
        self.env.cr.commit()
        self.env.invalidate_all()
        return backfill.read(["state", "reported_until", "fetched_count", "asked_count", "decided_count", "is_tidy"])

    def check_exactly_once(self, backfill):
        self.env.cr.commit()
        self.env.invalidate_all()
        self.assertEqual((backfill.state, backfill.booked_count), ("done", 2), backfill.failure_message)
        self.assertEqual((backfill.fetched_count, backfill.asked_count, backfill.decided_count), (2, 2, 2))
        sales = self.env["sale.order"].search([("amazon_order_id", "in", self.ids)])
        self.assertEqual(sales.mapped("fba_status"), ["shipped", "shipped"])
        self.assertEqual(sales.picking_ids.mapped("state"), ["done", "done"])
        self.assertEqual(self.on_hand(self.product_a), self.before)
        self.assertFalse(self.env["fba.reported.item"].search([]))

    def test_import(self):
        self.at_every_kill_point(self.asked_for, [import_earlier], lambda _backfill: None)
