"""Rows that come by the hundred thousand are written once when they are new, as each version takes its space, and found
by an index."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .. import amazon
from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestWrittenOnce(FbaCase):
    @contextmanager
    def updates(self, table):
        """The list of UPDATEs of `table`."""
        self.env.flush_all()
        execute, found = Cursor.execute, []

        def note(cursor, query, *words, **options):
            code = str(getattr(query, "code", query))
            if "UPDATE" in code and f'"{table}"' in code:
                found.append(code)
            return execute(cursor, query, *words, **options)

        with patch.object(Cursor, "execute", note):
            yield found
            self.env.flush_all()

    def test_inbox(self):
        with self.updates("fba_amazon_order") as found:
            row = stage(self.account, sold_order(order_id="111-0000000-0000001"))
        self.assertEqual(found, [])
        self.assertEqual(row.company_id, self.account.company_id)
        self.assertEqual((row.invoice_state, row.is_tracked, row.rate_is_old), ("none", False, False))

    def test_shipped_items(self):
        row = stage(self.account, sold_order({"sku": "A", "ITEM": "10.00"}, order_id="111-0000000-0000001"))
        row._process()
        told = {"amazon-order-id": row.amazon_order_id, "shipment-item-id": "I1", "sku": "A", "quantity-shipped": "1"}
        items = list(amazon.shipped_items([told]))
        with self.updates("fba_shipped_item") as found:
            self.env["fba.shipped.item"]._store(self.account, items)
        self.assertEqual(found, [])
        item = row.shipped_item_ids
        self.assertEqual((item.company_id, item.sale_id), (self.account.company_id, row.sale_id))

    def test_sightings(self):
        order = self.queued()
        with self.updates("fba_sighting") as found:
            self.env["fba.sighting"]._note(self.account, "listed", [order.name])
        self.assertEqual(found, [])
        self.assertEqual(order.sighting_ids.company_id, self.account.company_id)

    def test_orders_of_any_account_are_found_by_their_ids(self):
        """The index for parts of an ID would find whole ones, too, a hundred times slower. Which one PostgreSQL chooses
        in a small table is chance."""
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'fba_amazon_order_amazon_order_unique'")
        [definition] = self.env.cr.fetchone()
        self.assertIn("(amazon_order_id, account_id)", definition)
