"""Dates that the books accept: closed periods, and goods whose cost changes between shipment and booking."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .. import amazon
from .common import FbaCase
from .sold import sold_order, stage
from .test_inventory import InventoryCase

DAY = timedelta(days=1)


class BooksCase(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(hour=12, minute=0, second=0)  # the same day in all time zones

    def close(self, until, field="fiscalyear_lock_date", company=None):
        """The bookkeeper closes a period, up to the day of `until`."""
        self.env.flush_all()
        with patch.object(type(self.env.company), "_validate_locks"):  # the demo has drafts, and open bank statements
            (company or self.env.company).sudo()[field] = until.date()

    def first_open(self, until):
        """The first open day after the day of `until`."""
        return until.date() + DAY

    def shipped(self, at, lines=None, **values):
        """A fulfillment order that Amazon ships at `at`, not read yet."""
        lines = lines or {self.product_a: 2}
        fulfillment = self.sent(lines, **values)
        items = [{"seller_sku": line.seller_sku, "quantity": int(line.quantity)} for line in fulfillment.line_ids]
        self.control(
            "POST",
            f"fulfillment-orders/{fulfillment.name}/ship",
            shipped_at=at.isoformat() + "Z",
            packages=[{"carrier_code": "UPS", "tracking_number": "T1", "items": items}],
        )
        return fulfillment

    def sold(self, *numbers, **values):
        """Imported sales of one A each."""
        rows = stage(
            self.account,
            *(
                sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00", order_id=f"111-0000000-{it:07}", **values)
                for it in numbers or (1,)
            ),
        )
        rows._process()
        self.assertEqual(set(rows.mapped("state")), {"done"}, rows.mapped("error_message"))
        return rows

    def done(self, order):
        return order.picking_ids.filtered(lambda picking: picking.state == "done")

    def assert_dated(self, picking, day):
        self.assertEqual(picking.state, "done")
        self.assertEqual(picking.date_done.date(), day)
        moved = picking.move_ids.mapped("date") + picking.move_line_ids.mapped("date")
        self.assertEqual(set(moved), {picking.date_done})


@tagged("post_install", "-at_install")
class TestClosedPeriod(BooksCase):
    def test_shipped_before_the_lock_is_booked_on_the_first_open_day(self):
        for number, lock in enumerate(("fiscalyear_lock_date", "hard_lock_date"), start=1):
            with self.subTest(lock):
                at = self.now - timedelta(days=20 - number)
                fulfillment = self.shipped(at)
                self.close(at + DAY * number, lock)
                self.pull()
                self.assertEqual(fulfillment.state, "shipped", fulfillment.failure_message)
                self.assert_dated(self.done(fulfillment.sale_id), self.first_open(at + DAY * number))
                self.assertEqual(fulfillment.shipment_ids.shipped_at, at, "Amazon's own time stays")

    def test_locks_of_others_do_not_matter(self):
        at = self.now - 5 * DAY
        for lock in ("tax_lock_date", "sale_lock_date", "purchase_lock_date"):
            self.close(self.now - DAY, lock)
        fulfillment = self.shipped(at)
        self.pull()
        self.assertEqual(self.done(fulfillment.sale_id).date_done, at)

    def test_exception_from_the_lock_opens_the_period(self):
        at = self.now - 5 * DAY
        fulfillment = self.shipped(at)
        self.close(self.now - 2 * DAY)
        self.env["account.lock_exception"].create(
            {
                "company_id": self.env.company.id,
                "user_id": False,
                "fiscalyear_lock_date": (self.now - 10 * DAY).date(),
                "end_datetime": self.now + DAY,
            }
        )
        self.pull()
        self.assertEqual(self.done(fulfillment.sale_id).date_done, at)

    def test_lock_of_the_parent_company_closes_its_branch(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.env.company.id})
        self.close(self.now - 2 * DAY)
        moment = self.now - 5 * DAY
        self.assertEqual(branch._fba_open_moment(moment).date(), self.first_open(self.now - 2 * DAY))

    def test_day_is_judged_in_both_time_zones(self):
        company = self.env.company.with_context(tz="America/Los_Angeles")
        self.close(datetime(2026, 10, 31))
        for moment, booked in (
            ("2026-10-31 12:00:00", "2026-11-01 12:00:00"),
            ("2026-11-01 02:00:00", "2026-11-01 12:00:00"),  # October for the bookkeeper
            ("2026-11-01 08:00:00", "2026-11-01 08:00:00"),
        ):
            with self.subTest(moment):
                moment = fields.Datetime.to_datetime(moment)
                self.assertEqual(str(company._fba_open_moment(moment)), booked)

    def test_schedule_in_a_closed_period_hinders_nobody(self):
        groups = "sales_team.group_sale_salesman_all_leads,stock.group_stock_user,fba_connector.group_fba_user"
        clerk = new_test_user(self.env, "clerk", groups)
        fulfillment = self.sent({self.product_a: 4})
        waiting = self.sourced({self.product_a: 2})
        self.open_deliveries(fulfillment.sale_id | waiting).scheduled_date = self.now - 20 * DAY
        self.close(self.now - DAY)
        self.ship(fulfillment, ("T1", {"A": 3}))
        self.cannot_fulfill(fulfillment, A=1)
        self.pull()
        self.assertEqual(fulfillment.state, "exception")
        self.assertEqual(self.done(fulfillment.sale_id).move_ids.quantity, 3)
        self.rows(waiting).move_id.with_user(clerk).action_fba_release()
        self.assertEqual(waiting.order_line.fba_unsourced_qty, 2)
        self.assert_adds_up(fulfillment.sale_id)

    def test_waiting_order_of_a_closed_period_is_sourced_and_released(self):
        order = self.sell({self.product_a: 3})
        self.stock(self.own, self.product_a, 2)
        order.action_confirm()
        order.picking_ids.scheduled_date = self.now - 20 * DAY
        order.date_order = self.now - 20 * DAY
        self.close(self.now - DAY)
        clerk = new_test_user(self.env, "seller", "sales_team.group_sale_salesman_all_leads")
        self.rows(order).move_id.with_user(clerk).action_fba_release()
        order.with_user(clerk).action_fulfill_by_amazon()
        self.assertEqual(order.fba_status, "ready")
        order.order_line.move_ids._fba_open().with_user(clerk).action_fba_release()
        order.order_line.with_user(clerk).action_fba_source_from_own()
        self.assertEqual(self.open_deliveries(order).picking_type_id.warehouse_id, self.own)
        self.assert_adds_up(order)

    def test_closed_until_today_or_later(self):
        fulfillment = self.shipped(self.now - 3 * DAY)
        self.close(self.now + DAY)
        self.pull()
        self.assertEqual(fulfillment.state, "shipped", fulfillment.failure_message)
        self.assert_dated(self.done(fulfillment.sale_id), self.first_open(self.now + DAY))

    def test_sale_of_a_closed_period_is_imported(self):
        self.close(datetime(2026, 11, 25))
        row = self.sold()
        self.assertEqual(str(row.sale_id.date_order), "2026-11-20 09:00:00")
        self.assert_dated(row.sale_id.picking_ids, datetime(2026, 11, 26).date())

    def test_report_dates_no_delivery_into_a_closed_period(self):
        row, other = self.sold(1), self.sold(2)
        self.close(datetime(2026, 11, 15))
        items = [
            amazon.shipped_items([self.told(it, f"2026-11-{day}T10:00:00+00:00")])
            for it, day in ((row, 14), (other, 18))
        ]
        self.tell(iter([next(it) for it in items]))
        self.assertFalse(row.error_message)
        self.assertEqual(row.shipped_item_ids.shipped_at.day, 14)
        self.assert_dated(row.sale_id.picking_ids, datetime(2026, 11, 16).date())
        self.assertEqual(str(other.sale_id.picking_ids.date_done), "2026-11-18 10:00:00")

    def test_report_dates_no_delivery_out_of_a_closed_period(self):
        row = self.sold()
        self.close(datetime(2026, 11, 25))
        told = self.told(row, "2026-11-26T10:00:00+00:00")
        self.tell(amazon.shipped_items([told]))
        self.assertEqual(row.sale_id.picking_ids.carrier_tracking_ref, "1Z1")
        self.assertEqual(str(row.sale_id.picking_ids.date_done), "2026-11-21 18:30:00")

    def tell(self, items):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.assertTrue(self.account.with_env(self.env(cr=cr))._store_tracking(items))
        self.env.invalidate_all()

    def told(self, row, shipped_at):
        return {
            "amazon-order-id": row.amazon_order_id,
            "shipment-id": "S1",
            "shipment-item-id": "I1",
            "sku": "A",
            "quantity-shipped": "1",
            "shipment-date": shipped_at,
            "carrier": "UPS",
            "tracking-number": "1Z1",
        }


@tagged("post_install", "-at_install")
class TestSynchronization(InventoryCase, BooksCase):
    def test_adjustments_of_a_closed_day_are_of_the_first_open_one(self):
        accounts = self.env["account.account"].create(
            [
                {"name": name, "code": f"FBA99{number}", "account_type": kind}
                for number, (name, kind) in enumerate({"Lost": "expense", "Stock": "asset_current"}.items())
            ]
        )
        self.product_a.property_stock_inventory.valuation_account_id = accounts[0]
        self.product_a.categ_id = self.env["product.category"].create(
            {
                "name": "Automated",
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": accounts[1].id,
            }
        )
        self.product_a.standard_price = 10
        for closed, day in ((self.now - DAY, None), (self.now + DAY, self.first_open(self.now + DAY))):
            with self.subTest(closed=closed):
                self.close(closed)
                day = day or fields.Datetime.context_timestamp(self.account, fields.Datetime.now()).date()
                known = self.adjustments()
                self.count("A", fulfillable=int(self.in_odoo(self.product_a)[0]) - 2)
                self.move("B", 1, "fulfillable", "transshipment")
                self.full_cycle()
                adjusted = self.adjustments() - known
                self.assertEqual(adjusted.quantity, 2)
                self.assertRecordValues(adjusted.account_move_id, [{"date": day}])
                self.assertEqual(sum(adjusted.account_move_id.line_ids.mapped("debit")), 20)
                self.assertGreaterEqual(adjusted.date.date(), closed.date() + DAY)

    def adjustments(self):
        return self.env["stock.move"].search(
            [("product_id", "=", self.product_a.id), ("is_inventory", "=", True), ("state", "=", "done")]
        )


@tagged("post_install", "-at_install")
class TestCost(BooksCase):
    """What was bought is in stock or was sold, whatever the goods cost in between."""

    def setUp(self):
        super().setUp()
        self.stock(self.afn, self.product_a, -10)  # its stock is bought below
        self.env["stock.quant"]._unlink_zero_quants()
        self.env["product.value"].search([("product_id", "=", self.product_a.id)]).date = self.now - 30 * DAY

    def buy(self, quantity, price, at):
        """A purchase received in the AFN warehouse."""
        suppliers = self.env.ref("stock.stock_location_suppliers")
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.afn.in_type_id.id,
                "location_id": suppliers.id,
                "location_dest_id": self.afn.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product_a.id,
                            "product_uom_qty": quantity,
                            "quantity": quantity,
                            "picked": True,
                            "location_id": suppliers.id,
                            "location_dest_id": self.afn.lot_stock_id.id,
                        }
                    )
                ],
            }
        )
        receipt._action_done()
        receipt.move_ids.value_manual = quantity * price
        receipt.date_done = at
        self.product_a._update_standard_price()
        return receipt

    def set_method(self, cost, valuation):
        self.product_a.categ_id = self.env["product.category"].create(
            {"name": cost, "property_cost_method": cost, "property_valuation": valuation}
        )

    def assert_books_add_up(self, *sales):
        self.env.invalidate_all()
        moves = self.env["stock.move"].search([("product_id", "=", self.product_a.id), ("state", "=", "done")])
        bought, sold = sum(moves.filtered("is_in").mapped("value")), sum(moves.filtered("is_out").mapped("value"))
        self.assertAlmostEqual(self.product_a.total_value + sold, bought, 2)
        self.assertEqual(len(moves.filtered("is_out")), len(sales))
        if self.product_a.valuation == "real_time":
            for sale in sales:
                sale._create_invoices().action_post()
            entries = self.env["account.move.line"].search(
                [("product_id", "=", self.product_a.id), ("display_type", "=", "cogs"), ("debit", ">", 0)]
            )
            self.assertAlmostEqual(sum(entries.mapped("debit")), sold, 2)

    def test_purchases_between_shipment_and_booking(self):
        for cost in ("average", "fifo", "standard"):
            for valuation in ("periodic", "real_time"):
                with self.subTest(cost=cost, valuation=valuation), self.env.cr.savepoint() as savepoint:
                    self.reset_simulator()
                    self.control("PUT", "stock/A", fulfillable=20)
                    self.set_method(cost, valuation)
                    if cost == "standard":
                        self.product_a.standard_price = 10
                    start = self.now - 9 * DAY
                    self.buy(10, 10, start)
                    first = self.shipped(start + DAY, {self.product_a: 5})
                    second = self.shipped(start + 3 * DAY, {self.product_a: 2})
                    if cost != "standard":
                        self.buy(10, 2, start + 2 * DAY)
                    self.pull()
                    rows = self.sold(1, 2, lastUpdatedTime=(start + DAY).isoformat() + "Z")
                    sales = first.sale_id, second.sale_id, *rows.sale_id
                    self.assert_books_add_up(*sales)
                    early, late = self.done(first.sale_id), self.done(second.sale_id)
                    self.assertEqual(late.date_done, start + 3 * DAY)
                    if cost == "average":
                        self.assertEqual(early.date_done, start + 2 * DAY + timedelta(seconds=1))
                        self.assertEqual(early.move_ids.value, 30)
                        self.assertEqual(self.product_a.total_value, 120 - 9 * 6)
                    else:
                        self.assertEqual(early.date_done, start + DAY)
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_report_dates_no_delivery_across_a_purchase(self):
        self.set_method("average", "periodic")
        start = datetime(2026, 11, 10)
        self.buy(10, 10, start)
        row = self.sold()  # of the 21st
        self.buy(10, 2, start + 12 * DAY)
        picking = row.sale_id.picking_ids
        for moment, dated in (
            (start + 13 * DAY, start + 12 * DAY - timedelta(seconds=1)),
            (start + 5 * DAY, start + 5 * DAY),
            (start - DAY, start + timedelta(seconds=1)),
        ):
            picking._fba_redate({picking: moment})
            self.assertEqual(picking.date_done, dated)
            self.assert_books_add_up(row.sale_id)

    def test_entry_of_a_booking_is_of_its_day(self):
        account = self.env["account.account"].create(
            {"name": "Goods at customers", "code": "FBA999", "account_type": "expense"}
        )
        self.customer.property_stock_customer.valuation_account_id = account
        self.set_method("average", "real_time")
        start = self.now - 9 * DAY
        self.buy(10, 10, start)
        for closed, day in ((start, start + DAY), (start + 4 * DAY, start + 5 * DAY)):
            with self.subTest(closed=closed):
                self.close(closed)
                fulfillment = self.shipped(start + DAY)
                self.pull()
                entry = self.done(fulfillment.sale_id).move_ids.account_move_id
                self.assertRecordValues(entry, [{"state": "posted", "date": day.date()}])
                self.assertEqual(sum(entry.line_ids.mapped("debit")), 20)
