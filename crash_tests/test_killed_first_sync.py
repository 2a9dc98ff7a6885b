import itertools
from unittest.mock import patch

from odoo.addons.fba_connector.models.inventory import fba_first_sync_run
from odoo.service.model import retrying

from .case import DATABASE, CrashCase
from .worker import DONE, Worker

SKUS = ("FIRST-1", "FIRST-2", "FIRST-3")
TOKEN = "Atzr|FIRST"


def first_sync(env) -> None:
    env["fba.account"]._cron_first_sync()


def press(env) -> None:
    """As the server answers a request: again, where another one was faster."""
    retrying(env["fba.account"].search([("name", "=", "First store")]).action_first_sync, env)


class TestKilledFirstSynchronizations(CrashCase):
    """Counted anew where the process died, and each product booked once; three products are three commits."""

    others = (first_sync,)
    units = itertools.count(5)  # another difference for each kill point

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(patch.object(fba_first_sync_run, "AT_ONCE", 1))
        markets = cls.account.marketplace_ids
        keys = {"lwa_client_id": "FIRST", "lwa_client_secret": "FIRST", "refresh_token": TOKEN}
        cls.first = cls.env["fba.account"].create(cls.account_values("First store", **keys, import_orders=False))
        cls.pool = cls.env["stock.warehouse"].create(
            {
                "name": "First FBA",
                "code": "FFBA",
                "is_afn": True,
                "fba_account_id": cls.first.id,
                "fba_marketplace_id": markets[:1].id,
            }
        )
        cls.products = cls.env["product.product"].create(
            [{"name": sku, "default_code": sku, "is_storable": True} for sku in SKUS]
        )
        cls.env.cr.commit()

    def requested(self):
        keys = {"client_id": "FIRST", "client_secret": "FIRST", "refresh_token": TOKEN}
        self.control("POST", "sellers", **keys, marketplace_ids=self.first.marketplace_ids.mapped("marketplace_id"))
        self.here = next(self.units)
        for sku in SKUS:
            self.control("PUT", f"stock/{sku}", seller=TOKEN, fulfillable=self.here)
        self.advance(minutes=30)
        self.first.first_sync_confirmed = False
        sync = self.env["fba.first.sync"].browse(self.first.action_first_sync()["res_id"])
        self.env.cr.commit()
        return sync

    def confirmed(self):
        sync = self.requested()
        self.work(self.others)
        self.env.invalidate_all()
        sync.action_confirm()
        self.env.cr.commit()
        return sync

    def make_due(self, _sync):
        pass  # its scheduled action takes it up

    def picture(self, sync):
        self.env.cr.commit()
        return sync.state, sync.line_ids.mapped("outcome")

    def check_exactly_once(self, sync):
        self.env.cr.commit()
        self.assertEqual(len(sync.line_ids), len(SKUS))
        self.assertIn(sync.state, ("ready", "done"), sync.failure_message)

    def check_booked(self, sync):
        self.assertEqual((sync.state, sync.booked_count), ("done", len(SKUS)))
        stock = self.pool._fba_stock(self.products)
        self.assertEqual([stock[product]["stock"] for product in self.products], [self.here] * len(SKUS))
        moves = self.env["stock.move"].search([("product_id", "in", self.products.ids), ("is_inventory", "=", True)])
        self.assertEqual(sum(moves.mapped("quantity")), self.here * len(SKUS), "each unit was booked once")
        self.assertTrue(self.first.first_sync_confirmed)

    def test_administrators_at_once_share_one(self):
        self.requested().action_give_up()
        self.env.cr.commit()
        before = self.env["fba.first.sync"].search_count([])
        workers = [Worker(DATABASE, [press]) for _number in range(3)]
        self.assertEqual([worker.end() for worker in workers], [DONE] * 3)
        self.env.cr.commit()
        self.assertEqual(self.env["fba.first.sync"].search_count([]), before + 1)

    def test_counting(self):
        def check(sync):
            self.assertEqual((sync.state, sync.difference_count), ("ready", len(SKUS)))
            sync.action_give_up()

        self.at_every_kill_point(self.requested, [first_sync], check)

    def test_booking(self):
        self.at_every_kill_point(self.confirmed, [first_sync], self.check_booked)
