"""What a notice names stays to be looked at, until Amazon has shown it: whatever Amazon answers meanwhile."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.fba_connector import amazon
from odoo.addons.fba_connector.amazon import notifications
from odoo.addons.fba_connector.amazon.gateway import Gateway
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.fba_account_polling import MOST_OF, ONE_BY_ONE
from .common import LISTS, NotificationCase

RUNS = "odoo.addons.fba_connector.models.account.fba_account_runs"
CANADA = "A2EUQ1WTGCTBG2"


class LookingCase(NotificationCase):
    def note(self, type_, *keys, **ahead):
        """As if Amazon had told of these, by a clock that is ahead of Odoo's."""
        at = fields.Datetime.now() + timedelta(**ahead)
        self.env["fba.notice"].sudo()._note({(self.account, type_, key): at for key in keys})

    def wait(self):
        """All notices are due again."""
        self.notices().due_at = fields.Datetime.now() - timedelta(seconds=1)

    def sell_in_canada_too(self):
        """Amazon's seller and the account have a second marketplace (returned)."""
        application = {"client_id": "amzn1.application-oa2-client.demo", "client_secret": "demo-secret"}
        markets = ["ATVPDKIKX0DER", CANADA]
        self.control("POST", "sellers", refresh_token="Atzr|demo", marketplace_ids=markets, **application)
        canada = self.env.ref("fba_connector.marketplace_ca")
        self.account.marketplace_ids += canada
        return canada


@tagged("post_install", "-at_install")
class TestLookingAtSoldOrders(LookingCase):
    def setUp(self):
        super().setUp()
        self.set_up()
        self.look()
        self.freshen()

    def look(self):
        self.run_job("import_amazon_orders")

    def sold(self, sku="A", **values):
        return self.sell_on_amazon((sku, 1, "10.00", {}), **values)

    def tell(self, *order_ids, **ahead):
        self.note(notifications.SOLD_ORDER, *order_ids, **ahead)

    def tell_many(self, order_id, **ahead):
        self.tell(order_id, *(f"111-{number}" for number in range(ONE_BY_ONE)), **ahead)

    def test_order_that_is_told_anew_during_the_look_is_looked_at_again(self):
        order_id, at = self.sold(), fields.Datetime.now()
        get_order = Gateway.get_order

        def told_meanwhile(gateway, *words):
            raw = get_order(gateway, *words)
            self.env["fba.notice"].sudo()._note({(self.account, notifications.SOLD_ORDER, order_id): at})
            return raw

        self.env["fba.notice"].sudo()._note({(self.account, notifications.SOLD_ORDER, order_id): at})
        with patch.object(Gateway, "get_order", told_meanwhile):
            self.look()
        self.assertEqual(self.notices().mapped("key"), [order_id])
        self.look()
        self.assertFalse(self.notices())

    @mute_logger(RUNS)
    def test_many_wait_for_a_list_that_fails(self):
        order_id = self.sold()
        self.tell_many(order_id)
        self.fault("searchOrders", "status", status=500, count=9)
        self.look()
        self.assertEqual(len(self.notices()), ONE_BY_ONE + 1)
        self.control("DELETE", "faults")
        self.look()
        self.assertTrue(self.inbox(order_id))

    def test_many_that_are_told_during_a_search_wait_for_the_next(self):
        self.control("POST", "settings", orders_page_size=1)
        before, search = [self.sold(), self.sold()], Gateway.search_orders
        self.account.import_cursor -= timedelta(hours=2)

        def first_page(gateway, **options):
            yield next(search(gateway, **options))
            raise amazon.DeadlineReached(operation="searchOrders", retry_after=1)

        with patch.object(Gateway, "search_orders", first_page):
            self.look()
        self.assertTrue(self.account.import_page_token)
        late = self.sold("B")
        self.tell_many(late, minutes=30)
        for _run in range(2):
            self.look()
            self.wait()
        self.assertTrue(all(self.inbox(order_id) for order_id in (*before, late)))

    @mute_logger(RUNS)
    def test_order_that_amazon_refuses_does_not_hold_up_others(self):
        bad, good = self.sold(), self.sold("B")
        self.habit("refused_id", order_id=bad, status=403, count=99)
        self.tell(bad)
        self.tell(good)
        self.look()
        self.assertTrue(self.inbox(good))

    def test_orders_before_a_full_plan_are_kept_and_the_rest_is_next(self):
        order_ids, get_order, asked = [self.sold() for _order in range(3)], Gateway.get_order, []
        self.tell(*order_ids)

        def throttled_at_the_third(gateway, order_id, keep):
            asked.append(order_id)
            if len(asked) == 3:
                raise amazon.DeadlineReached(operation="getOrder", retry_after=2)
            return get_order(gateway, order_id, keep)

        with patch.object(Gateway, "get_order", throttled_at_the_third):
            self.look()
            self.assertEqual([bool(self.inbox(it)) for it in asked], [True, True, False])
            self.assertEqual(self.notices().mapped("key"), asked[2:])
            self.look()
        self.assertTrue(self.inbox(asked[2]))
        self.assertEqual(len(asked), 4, "none is asked for twice but the one that was refused")
        self.assertFalse(self.notices())

    @mute_logger(RUNS)
    def test_outage_costs_no_look(self):
        order_id = self.sold()
        self.tell(order_id)
        self.fault("getOrder", "status", status=503, count=99)
        for _run in range(4):
            self.look()
            self.wait()
        self.control("DELETE", "faults")
        self.look()
        self.assertTrue(self.inbox(order_id))

    def test_order_of_a_marketplace_that_was_removed_meanwhile_is_not_imported(self):
        canada = self.sell_in_canada_too()
        order_id = self.sold(marketplace_id=CANADA, currency="CAD")
        self.tell(order_id)
        self.account.marketplace_ids -= canada
        self.look()
        self.assertFalse(self.inbox(order_id))
        self.assertFalse(self.notices())

    def test_what_the_account_does_not_synchronize_is_not_noted(self):
        self.account.write({"import_orders": False, "sync_inventory": False})
        self.tell_sold("111-1")
        self.tell_stock("A")
        self.receive()
        self.assertEqual(self.left(), 0)
        self.assertFalse(self.notices())


@tagged("post_install", "-at_install")
class TestLookingAtStock(LookingCase):
    def setUp(self):
        super().setUp()
        self.set_up()
        self.account.first_sync_confirmed = True
        self.look()
        self.freshen()

    def look(self):
        self.run_job("sync_inventory")

    def tell(self, *skus):
        self.note(notifications.STOCK, *skus)

    def change(self, quantity):
        self.control("PUT", "stock/A", fulfillable=quantity)
        self.tell("A")

    def counted(self):
        row = self.env["fba.sku"].search([("seller_sku", "=", "A"), ("warehouse_id", "=", self.afn.id)])
        row.invalidate_recordset()
        return row.fulfillable_quantity

    def asked_since(self, before):
        """Amazon's counts, by name (True) or as a list."""
        return ["sellerSkus" in str(call) for call in self.journal(LISTS["inventory"])[before:]]

    def test_each_pool_is_asked(self):
        canada = self.sell_in_canada_too()
        place = {"is_afn": True, "fba_account_id": self.account.id, "fba_marketplace_id": canada.id}
        self.env["stock.warehouse"].create({"name": "Canada", "code": "TFCA", **place})
        self.look()
        self.freshen()
        before = self.asked(LISTS["inventory"])
        self.tell("A")
        self.look()
        self.assertEqual(self.asked_since(before), [True, True])

    def test_sku_that_amazon_does_not_know_ends_after_three_looks(self):
        before = self.asked(LISTS["inventory"])
        self.tell("NOBODYS")
        for _look in range(5):
            self.look()
            self.wait()
        self.assertEqual(self.asked_since(before), [True] * 3)
        self.assertFalse(self.notices())

    def test_question_that_there_was_no_time_for_is_asked_later(self):
        self.change(3)
        with patch.object(type(self.afn), "_fba_ask_by_name", lambda *_warehouse, full: ({}, set(), False)):
            self.look()
        self.assertEqual(self.notices().mapped("key"), ["A"])
        self.wait()
        self.look()
        self.assertEqual(self.counted(), 3)

    def test_sku_that_amazon_leaves_out_once_is_asked_for_again(self):
        self.habit("list_omits", ids=["A"], by_name=True, count=1)
        self.change(3)
        self.look()
        self.assertEqual(self.counted(), 10)
        self.wait()
        self.look()
        self.assertEqual(self.counted(), 3)

    def test_counts_that_come_late_are_read_again(self):
        self.habit("counts_lag", seconds=60)
        self.change(3)
        self.look()
        self.assertEqual(self.counted(), 10)
        self.advance(minutes=5)
        self.wait()
        self.look()
        self.assertEqual(self.counted(), 3)

    def test_many_skus_are_read_by_the_list(self):
        before = self.asked(LISTS["inventory"])
        self.tell("A", "B")
        with patch.dict(MOST_OF, inventory=1):
            self.look()
        self.assertEqual(self.asked_since(before), [False])
