"""Orders that never touch Amazon cost what they cost without the add-on; what is kept in memory for that is true."""

from odoo.tests import tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestPlainOrders(FbaCase):
    def queries(self, table, work):
        """How many queries of `work()`, in a cold cache, read `table`."""
        self.env.flush_all()
        self.env.invalidate_all()
        found = []
        execute = type(self.env.cr).execute

        def watch(cr, query, params=None, log_exceptions=True):
            found.append(str(getattr(query, "code", query)))
            return execute(cr, query, params, log_exceptions)

        self.patch(type(self.env.cr), "execute", watch)
        work()
        self.env.flush_all()
        self.patch(type(self.env.cr), "execute", execute)
        return [query for query in found if f'FROM "{table}"' in query]

    def test_confirmation_asks_for_no_fulfillment_order(self):
        self.account.auto_source = "never"
        self.stock(self.own, self.product_a, 5)
        order = self.sell({self.product_a: 1})
        order.action_confirm()  # what is kept in memory is there
        order = self.sell({self.product_a: 1})
        self.assertEqual(self.queries("fba_fulfillment_order", order.action_confirm), [])
        self.assertEqual(order.picking_ids.state, "assigned")

    def test_delivery_does_not_read_its_warehouse(self):
        self.stock(self.own, self.product_a, 5)
        deliveries = [self.sell({self.product_a: 1}) for _order in range(2)]
        for order in deliveries:
            order.action_confirm()
        first, second = (order.picking_ids for order in deliveries)
        first.with_context(skip_sms=True).button_validate()
        work = second.with_context(skip_sms=True).button_validate
        self.assertEqual(self.queries("stock_warehouse", work), [])
        self.assertEqual(second.state, "done")

    def test_date_of_a_confirmed_order_is_its_fulfillment_orders(self):
        order = self.sourced({self.product_a: 1})
        fulfillment = order.fba_fulfillment_order_ids
        self.assertEqual(fulfillment.date_order, order.date_order)
        order.date_order = "2026-01-02 03:04:05"
        self.assertEqual(fulfillment.date_order, order.date_order)

    def test_date_of_a_cancelled_order_is_its_fulfillment_orders(self):
        order = self.sourced({self.product_a: 1})
        first = order.fba_fulfillment_order_ids
        order._action_cancel()
        order.action_draft()
        order.date_order = "2026-01-02 03:04:05"
        self.assertEqual((first.state, first.date_order), ("cancelled", order.date_order))
        order.action_confirm()
        self.assertEqual(first.date_order, order.date_order)

    def test_shown_status_of_an_order_sold_on_amazon_follows_its_state(self):
        order = self.sell({self.product_a: 1})
        self.env.cr.execute("UPDATE sale_order SET amazon_order_id = '1-2-3' WHERE id = %s", [order.id])
        order.invalidate_recordset()
        for state, status in (("sale", "shipped"), ("cancel", False)):
            order.write({"state": state})
            self.assertEqual((order.fba_status, order.fba_shown_status), (status, status))

    def test_what_a_savepoint_undoes_is_not_kept(self):
        Warehouse, hooks = self.env["stock.warehouse"].sudo(), self.env.cr.postcommit
        self.account.auto_source = "always"
        hooks.clear()
        before = Warehouse._fba_afn_ids(), Warehouse._fba_automated_ids(self.afn.company_id.id)
        with self.env.cr.savepoint() as savepoint:
            self.account.auto_source = "never"
            self.env.cr.execute("UPDATE stock_warehouse SET is_afn = FALSE")
            self.assertFalse(Warehouse._fba_automated_ids(self.afn.company_id.id))
            self.assertFalse(Warehouse._fba_afn_ids())
            savepoint.rollback()
        hooks.run()  # as the commit does
        self.assertEqual((Warehouse._fba_afn_ids(), Warehouse._fba_automated_ids(self.afn.company_id.id)), before)

    def test_automation_heeds_each_change(self):
        warehouse, account, company = self.afn, self.account, self.afn.company_id
        Warehouse = self.env["stock.warehouse"].sudo()
        account.auto_source = "always"
        changes = [
            (account, "auto_source", "never", "when_short"),
            (account, "is_live", False, True),
            (warehouse, "fba_available_for_fulfillment", False, True),
        ]
        self.assertEqual(Warehouse._fba_automated(company), warehouse)
        for record, name, off, on in changes:
            record.write({name: off})
            self.assertFalse(Warehouse._fba_automated(company), name)
            record.write({name: on})
            self.assertEqual(Warehouse._fba_automated(company), warehouse, name)

    def test_new_afn_warehouse_is_one_at_once(self):
        warehouse = self.env["stock.warehouse"].create({"name": "Next", "code": "NEXT"})
        location = warehouse.lot_stock_id
        self.assertFalse(location._fba_warehouse())
        market = self.afn.fba_marketplace_id.search(
            [("region", "=", self.account.region), ("id", "not in", self.afn.fba_marketplace_ids.ids)], limit=1
        )
        warehouse.write({"is_afn": True, "fba_account_id": self.account.id, "fba_marketplace_id": market.id})
        self.assertEqual(location._fba_warehouse(), warehouse)
        self.assertEqual(warehouse.fba_held_location_id._fba_warehouse(), warehouse)
        warehouse.write({"is_afn": False})
        self.assertFalse(location._fba_warehouse())
