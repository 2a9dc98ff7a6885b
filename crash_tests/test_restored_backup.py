"""A database is restored from a backup: what was sent since is found, adopted or told, and never sent again."""

from contextlib import contextmanager

import odoo
from odoo import sql_db
from odoo.modules.registry import Registry

from scripts.host.postgres import Cluster

from .case import DATABASE, CrashCase
from .worker import Worker, pull, push

BACKUP = f"{DATABASE}_backup"


class TestRestoredBackup(CrashCase):
    def back_up(self, records):
        """The database as it is now, under another name; `records` on a new connection."""
        self.env.cr.commit()
        self.env.cr.close()
        sql_db.close_all()
        Cluster(lasting=True).copy(DATABASE, BACKUP)
        self.addCleanup(self.drop_backup)
        return self.connect_again(records)

    def drop_backup(self):
        Registry.delete(BACKUP)
        sql_db.close_db(BACKUP)
        Cluster(lasting=True).drop(BACKUP)

    @contextmanager
    def restored(self):
        """The backup's environment; what is done there is committed."""
        with Registry(BACKUP).cursor() as cr:
            yield odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})

    def work_restored(self, *actions):
        Worker(BACKUP, actions).end()

    def test_nothing_is_sent_twice(self):
        self.reset_simulator()
        self.work([pull])
        ready, queued = (self.sourced({self.product_a: 2}).fba_fulfillment_order_ids for _order in range(2))
        quotation = self.sell({self.product_b: 3})
        queued.action_submit()
        names = {"ready": ready.name, "queued": queued.name}
        orders = self.back_up(ready + queued)
        quotation = quotation.with_env(self.env)

        # What happened since the backup.
        orders[0].action_submit()
        quotation.action_confirm()
        quotation.action_fulfill_by_amazon()
        lost = quotation.fba_fulfillment_order_ids
        lost.action_submit()
        self.work([push])
        sent = self.control("GET", "fulfillment-orders")
        self.assertEqual({order["order_id"] for order in sent}, {*names.values(), lost.name})
        self.ship(orders[1], ("1Z-QUEUED", {"A": 2}))

        with self.restored() as env:
            # The clerk does it all again, days later.
            self.assertFalse(env["fba.fulfillment.order"].search([("name", "=", lost.name)]))
            env.cr.execute("UPDATE fba_account SET pull_cursor = pull_cursor - interval '3 days'")
            again = env["sale.order"].browse(quotation.id)
            again.action_confirm()
            again.action_fulfill_by_amazon()
            (again.fba_fulfillment_order_ids + env["fba.fulfillment.order"].browse(ready.id)).action_submit()
        self.work_restored(push, pull, push)
        with self.restored() as env:
            env.cr.execute(
                "UPDATE fba_fulfillment_order SET due_at = now() AT TIME ZONE 'UTC' WHERE due_at IS NOT NULL"
            )
        self.work_restored(push, pull)

        self.assertEqual(len(self.control("GET", "fulfillment-orders")), 3, "nothing was sent twice")
        with self.restored() as env:
            ready, queued = env["fba.fulfillment.order"].browse([ready.id, queued.id])
            self.assertEqual((ready.state, queued.state), ("in_shipping", "shipped"))
            self.assertEqual(queued.line_ids.shipped_quantity, 2)
            again = env["sale.order"].browse(quotation.id).fba_fulfillment_order_ids
            self.assertEqual((again.state, again.error_code), ("exception", "SentBefore"))
            self.assertIn(lost.name, again.error_message)
            self.assertTrue(again.sale_id.activity_ids)
