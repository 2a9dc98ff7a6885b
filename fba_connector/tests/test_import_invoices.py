"""Invoices of orders sold on Amazon: one each, at Amazon's amounts, made once, whatever else happens."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import FbaCase
from .sold import sold_order, stage, with_rates

RUNS = "odoo.addons.fba_connector.models.account.fba_account_runs"
PLAIN = {"sku": "A", "quantity": 2, "ITEM": "20.00"}


@tagged("post_install", "-at_install")
class TestImportInvoices(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.account.company_id
        cls.company.partner_id.tz = "UTC"
        with_rates(cls.env, "CAD", "MXN")
        markets = cls.env.ref("fba_connector.marketplace_ca") | cls.env.ref("fba_connector.marketplace_mx")
        cls.account.marketplace_ids |= markets
        cls.afn.fba_marketplace_ids |= markets
        cls.account.auto_invoice = "posted"
        cls.clerk = new_test_user(cls.env, "invoice_clerk", groups="fba_connector.group_fba_user")
        cls.accountant = new_test_user(
            cls.env, "invoice_accountant", groups="account.group_account_manager,sales_team.group_sale_manager"
        )

    def staged(self, *items, number=1, total="20.00", account=None, **values):
        payload = sold_order(*(items or [PLAIN]), total=total, order_id=f"702-{number}", **values)
        return stage(account or self.account, payload)

    def run_import(self):
        self.run_job("import_amazon_orders")
        self.env.invalidate_all()

    def imported(self, *items, **values):
        row = self.staged(*items, **values)
        self.run_import()
        self.assertEqual(row.state, "done", row.error_message)
        return row

    def booked(self, **values):
        """Imported, and not invoiced yet."""
        row = self.staged(**values)
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        return row

    def tax(self, product, amount, *, included=False):
        product.taxes_id = self.env["account.tax"].create(
            {
                "name": f"Tax of {amount} %",
                "amount": amount,
                "price_include_override": "tax_included" if included else "tax_excluded",
                "type_tax_use": "sale",
            }
        )

    def assert_invoice(self, row, state="posted", **values):
        """The row's invoice is the only one of its sale, whole, and at the sale's amounts."""
        sale = row.sale_id
        invoice = sale.invoice_ids
        self.assertEqual(len(invoice), 1, row.invoice_message)
        self.assertRecordValues(row, [{"invoice_id": invoice.id, "invoice_state": state, "invoice_due_at": False}])
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": state,
                    "move_type": "out_invoice",
                    "amount_total": sale.amount_total,
                    "amount_tax": sale.amount_tax,
                    "currency_id": sale.currency_id.id,
                    "company_id": sale.company_id.id,
                    "partner_id": sale.partner_invoice_id.id,
                    **values,
                }
            ],
        )
        self.assertFalse(row.invoice_message)
        self.assertEqual(sale.invoice_status, "invoiced")
        self.assertEqual(sale.order_line.mapped("qty_invoiced"), sale.order_line.mapped("product_uom_qty"))
        return invoice

    def assert_none(self, row, state="none"):
        self.assertRecordValues(row, [{"invoice_id": False, "invoice_state": state}])
        self.assertFalse(row.sale_id.invoice_ids)

    # === WHAT IS INVOICED === #

    def test_each_order_has_its_invoice_of_the_day_the_goods_left(self):
        rows = self.staged() | self.staged(number=2)
        self.run_import()
        for row in rows:
            day = fields.Date.to_date("2026-11-21")
            invoice = self.assert_invoice(row, invoice_date=day, date=day, amount_total=20.00)
            self.assertEqual(invoice.ref, row.amazon_order_id)
        self.run_import()
        self.assertEqual(len(rows.sale_id.invoice_ids), 2)

    def test_draft_is_confirmed_by_a_person_and_the_inbox_says_so(self):
        self.account.auto_invoice = "draft"
        row = self.imported()
        invoice = self.assert_invoice(row, "draft", invoice_date=fields.Date.to_date("2026-11-21"))
        invoice.with_user(self.accountant).action_post()
        self.assertEqual(row.invoice_state, "posted")
        invoice.with_user(self.accountant).button_draft()
        invoice.with_user(self.accountant).button_cancel()
        self.assertEqual(row.invoice_state, "none")

    def test_deleted_draft_is_not_made_again(self):
        self.account.auto_invoice = "draft"
        row = self.imported()
        row.invoice_id.with_user(self.accountant).unlink()
        self.run_import()
        self.assert_none(row)

    def test_switched_off_none_and_switched_on_only_later_orders(self):
        admin = new_test_user(self.env, "invoice_admin", groups="fba_connector.group_fba_manager")
        self.account.auto_invoice = "no"
        before = self.imported()
        self.assert_none(before)
        self.account.auto_invoice = "draft"
        left_over = self.booked(number=2)
        self.account.with_user(admin).auto_invoice = "no"
        self.account.with_user(admin).auto_invoice = "posted"
        self.assertTrue(self.account.invoice_from)
        later = self.imported(number=3)
        self.assert_none(before)
        self.assert_none(left_over)
        self.assert_invoice(later)

    def test_invoicing_policies_and_charges_are_whole(self):
        self.product_a.invoice_policy, self.product_b.invoice_policy = "delivery", "order"
        for charge in (self.account.shipping_product_id, self.account.discount_product_id):
            charge.invoice_policy = "delivery"
        item = {**PLAIN, "SHIPPING": "5.00", "DISCOUNT": "-3.00"}
        row = self.imported(item, {"sku": "B", "ITEM": "10.00", "GIFT_WRAP": "1.00"}, total="33.00")
        self.assertEqual(len(self.assert_invoice(row).invoice_line_ids), len(row.sale_id.order_line))

    def test_taxes_added_included_and_remitted(self):
        self.tax(self.product_a, 8.25)
        added = self.imported({"sku": "A", "ITEM": "100.00", "TAX": "8.25"}, total="108.25")
        self.assert_invoice(added, amount_total=108.25, amount_tax=8.25)
        item = {"sku": "A", "ITEM": "100.00", "TAX": "8.25", "remitted": True}
        remitted = self.imported(item, total="108.25", number=2)
        self.assert_invoice(remitted, amount_total=108.25, amount_tax=0)
        self.tax(self.product_a, 16, included=True)
        included = self.imported({"sku": "A", "quantity": 3, "ITEM": "100.00"}, total="100.00", market="MX", number=3)
        self.assert_invoice(included, amount_total=100.00, amount_tax=13.79)

    def test_other_currency_at_the_rate_of_the_invoice_date(self):
        cad = self.env.ref("base.CAD")
        for day, rate in (("2026-11-20", 1.25), ("2026-11-21", 2)):
            known = {"currency_id": cad.id, "company_id": self.company.root_id.id}
            self.env["res.currency.rate"].create({**known, "name": day, "rate": rate})
        row = self.imported(market="CA")
        invoice = self.assert_invoice(row, currency_id=cad.id, amount_total=20.00)
        self.assertEqual((invoice.amount_total_signed, row.sale_id.currency_rate), (10.00, 1.25))

    def test_order_that_amazon_invoices_has_none(self):
        self.account.amazon_invoices_marketplace_ids = self.env.ref("fba_connector.marketplace_ca")
        self.assert_none(self.imported(programs=["INVOICE_BY_AMAZON", "PRIME"]), "by_amazon")
        self.assert_none(self.imported(market="CA", number=2), "by_amazon")
        late = self.booked(number=3)
        self.account.amazon_invoices_marketplace_ids |= self.env.ref("fba_connector.marketplace_us")
        self.run_import()
        self.assert_none(late, "by_amazon")

    def test_replacement_at_nothing_has_none(self):
        row = self.imported({"sku": "A", "ITEM": "0.00"}, total="0.00")
        self.assert_none(row)
        self.assertFalse(row.invoice_due_at)

    # === DATES === #

    def test_closed_period_moves_to_the_first_open_day(self):
        for number, lock in enumerate(("sale_lock_date", "tax_lock_date", "fiscalyear_lock_date", "hard_lock_date")):
            self.env.flush_all()
            with patch.object(type(self.company), "_validate_locks"):  # the demo has drafts, and open bank statements
                self.company[lock] = f"2026-11-2{number + 3}"
            row = self.imported(number=number)
            day = fields.Date.to_date(f"2026-11-2{number + 4}")
            self.assert_invoice(row, invoice_date=day, date=day)
            stays = lock in ("sale_lock_date", "tax_lock_date")  # stock does not follow these
            self.assertEqual(row.sale_id.effective_date.date(), fields.Date.to_date("2026-11-21") if stays else day)

    def test_day_is_the_companys(self):
        self.company.partner_id.tz = "Asia/Tokyo"  # where 18:30 UTC is the next morning
        self.assert_invoice(self.imported(), invoice_date=fields.Date.to_date("2026-11-22"))

    # === NEVER TWICE === #

    def test_credit_note_after_a_refund_is_not_invoiced_again(self):
        row = self.imported()
        invoice = self.assert_invoice(row)
        wizard = self.env["account.move.reversal"].with_user(self.accountant)
        wizard = wizard.with_context(active_model="account.move", active_ids=invoice.ids)
        credit = self.env["account.move"].browse(
            wizard.create({"journal_id": invoice.journal_id.id}).refund_moves()["res_id"]
        )
        credit.with_user(self.accountant).action_post()
        self.assertEqual(row.sale_id.invoice_status, "to invoice")
        stage(
            self.account,
            sold_order(PLAIN, total="15.00", order_id="702-1", lastUpdatedTime="2026-11-25T10:00:00Z"),
        )
        self.run_import()
        row.invoice_due_at = fields.Datetime.now()  # even then
        self.run_import()
        self.assertEqual(row.sale_id.invoice_ids, invoice | credit)
        self.assertFalse(row.invoice_due_at)

    def test_person_invoices_at_the_same_moment(self):
        row, untouched = self.booked(), self.booked(number=2)
        Sale = self.env.registry["sale.order"]
        lock = Sale._fba_lock_for_invoices

        def after_the_person(sales):
            if not row.sale_id.invoice_ids:
                row.sale_id.with_user(self.accountant)._create_invoices()
            return lock(sales)

        with patch.object(Sale, "_fba_lock_for_invoices", after_the_person):
            self.run_import()
        self.assert_invoice(row, "draft", invoice_date=False)
        self.assert_invoice(untouched)

    def test_down_payment_by_hand_leaves_the_rest_to_the_person(self):
        row = self.booked()
        sale = row.sale_id.with_user(self.accountant)
        wizard = self.env["sale.advance.payment.inv"].with_user(self.accountant).with_context(active_ids=sale.ids)
        wizard.create({"advance_payment_method": "fixed", "fixed_amount": 5}).create_invoices()
        self.run_import()
        self.assertEqual(row.sale_id.invoice_ids.mapped("amount_total"), [5.00])
        self.assertRecordValues(row, [{"invoice_id": row.sale_id.invoice_ids.id, "invoice_due_at": False}])

    def test_order_locked_by_another_transaction_waits(self):
        row = self.booked()
        Line = self.env.registry["sale.order.line"]
        with patch.object(Line, "try_lock_for_update", lambda lines, **_options: lines.browse()):
            self.run_import()
        self.assert_none(row)
        self.run_import()
        self.assert_invoice(row)

    @mute_logger(RUNS)
    def test_crash_before_the_commit_leaves_none_and_the_next_run_makes_one(self):
        row = self.booked()
        Inbox = self.env.registry["fba.amazon.order"]
        with patch.object(Inbox, "_difference_to", side_effect=RuntimeError("the power fails")):
            self.run_import()
        self.assert_none(row)
        self.assertIn("the power fails", row.invoice_message)
        self.run_import()
        self.assert_none(row)  # not yet
        row.with_user(self.clerk).action_invoice()
        self.run_import()
        self.assert_invoice(row)

    def test_imported_again_is_not_invoiced_again(self):
        ours, by_hand = self.imported(), self.booked(number=2)
        by_hand.sale_id.with_user(self.accountant)._create_invoices()
        for row in (by_hand, ours):
            sale = row.sale_id.with_user(self.accountant)
            invoice = row.sale_id.invoice_ids
            sale.action_cancel()
            if invoice.state == "draft":
                invoice.with_user(self.accountant).action_post()
            sale.unlink()
            row.with_user(self.clerk).action_import_again()
            self.run_import()
            self.assertEqual(row.state, "done")
            self.assertTrue(row.sale_id)
            self.assertFalse(row.sale_id.invoice_ids)
            self.assertEqual(row.invoice_id, invoice)

    # === WHAT GOES WRONG === #

    def archived_income(self):
        account = self.env["account.account"].create({"name": "Old income", "code": "FBA998", "account_type": "income"})
        self.product_b.property_account_income_id = account
        account.active = False
        return account

    @mute_logger(RUNS)
    def test_one_that_fails_stops_nobody_and_undoes_no_booking(self):
        income = self.archived_income()
        item = {"sku": "B", "ITEM": "10.00"}
        good, bad = self.staged(), self.staged(item, total="10.00", number=2)
        last = self.staged(number=3)
        self.run_import()
        self.assert_invoice(good)
        self.assert_invoice(last)
        self.assert_none(bad)
        self.assertRecordValues(bad, [{"state": "done", "error_message": False, "invoice_tries": 1}])
        self.assertEqual(bad.sale_id.delivery_status, "full")
        self.assertIn("is archived", bad.invoice_message)
        self.assertGreater(bad.invoice_due_at, fields.Datetime.now())
        self.assertFalse(self.env["account.move"].search([("invoice_origin", "=", bad.sale_id.name)]))
        bad.invoice_due_at = fields.Datetime.now()
        self.run_import()
        self.assertEqual(bad.invoice_tries, 2)
        income.active = True
        bad.with_user(self.clerk).action_invoice()
        self.run_import()
        self.assert_invoice(bad)

    def test_invoice_of_other_amounts_stays_a_draft_and_says_so(self):
        row, changed = self.booked(), self.booked(number=2)
        self.return_delivery(row.sale_id.picking_ids, 1)
        for picking in row.sale_id.picking_ids.filtered(lambda it: it.state != "done"):
            picking.move_ids.picked = True
            picking.button_validate()
        changed.sale_id.order_line[0].price_unit = 9.00
        self.product_a.invoice_policy = "delivery"
        self.run_import()
        for it, total in ((row, 10.00), (changed, 18.00)):
            self.assertRecordValues(it.invoice_id, [{"state": "draft", "amount_total": total}])
            self.assertRecordValues(it, [{"invoice_state": "draft", "invoice_due_at": False, "state": "done"}])
            for words in (f"{total:.2f}", "20.00", "accountant"):
                self.assertIn(words, it.invoice_message)

    def test_nothing_to_invoice_is_said(self):
        row = self.booked()
        self.product_a.invoice_policy = "delivery"
        row.sale_id.order_line.qty_delivered = 0
        self.run_import()
        self.assert_none(row)
        self.assertIn("nothing to invoice", row.invoice_message)

    def test_cancelled_sale_is_not_invoiced(self):
        row = self.booked()
        row.sale_id.with_user(self.accountant).action_cancel()
        self.run_import()
        self.assert_none(row)
        self.assertFalse(row.invoice_due_at)

    @mute_logger(RUNS)
    def test_company_without_a_journal_stops_no_other(self):
        company = self.env["res.company"].create({"name": "Without books", "currency_id": self.company.currency_id.id})
        self.env.user.company_ids |= company
        account = self.env["fba.account"].create(
            self.account_values("Other store", company_id=company.id, auto_invoice="posted")
        )
        self.env["stock.warehouse"].create(
            {
                "name": "Other FBA",
                "code": "OFBA",
                "company_id": company.id,
                "is_afn": True,
                "fba_account_id": account.id,
                "fba_marketplace_id": self.env.ref("fba_connector.marketplace_us").id,
            }
        )
        other, ours = self.staged(account=account, number=9), self.staged()
        self.run_import()
        self.assertEqual((other.state, other.sale_id.company_id), ("done", company), other.error_message)
        self.assert_none(other)
        self.assertTrue(other.invoice_message)
        self.assert_invoice(ours)

    # === WHO SEES IT === #

    def test_clerk_without_accounting_rights_sees_the_outcome(self):
        done, by_amazon = self.imported(), self.imported(number=2, programs=["INVOICE_BY_AMAZON"])
        for group in ("account.group_account_readonly", "account.group_account_invoice"):
            self.assertFalse(self.clerk.has_group(group))
        Inbox = self.env["fba.amazon.order"].with_user(self.clerk)
        ours = [("id", "in", (done | by_amazon).ids)]
        groups = Inbox.formatted_read_group(ours, ["invoice_state"], ["__count"])
        self.assertEqual({it["invoice_state"]: it["__count"] for it in groups}, {"posted": 1, "by_amazon": 1})
        view = Inbox.get_view(self.env.ref("fba_connector.fba_amazon_order_view_form").id, "form")
        names = Inbox.get_views([(False, "form")])["models"]["fba.amazon.order"]["fields"]
        self.assertNotIn('name="invoice_id"', view["arch"])
        self.assertTrue(done.with_user(self.clerk).web_read({name: {} for name in names if name != "invoice_id"}))

    def test_only_fba_users_try_again(self):
        stranger = new_test_user(self.env, "invoice_stranger", groups="sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.booked().with_user(stranger).action_invoice()

    def test_settings_are_the_administrators(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.clerk).auto_invoice = "draft"
        self.assertEqual(self.account.copy().auto_invoice, "posted")
        self.assertFalse(self.account.copy().invoice_from)

    # === REPORTS === #

    def reported(self, kind):
        """An order that a report told, booked; and what Amazon's list tells of it later, as a function."""
        self.account.auto_invoice = "posted"
        moments = {"ordered_from": "2026-11-01", "ordered_to": "2026-11-30"}
        backfill = self.env["fba.backfill"].create(
            {"account_id": self.account.id, "kind": kind, "way": "report", "reported_tax": "amazon", **moments}
        )
        order_id = f"111-9999999-{kind}"
        item, values = {"sku": "A", "ITEM": "10.00"}, {"total": "10.00", "order_id": order_id}
        row = stage(self.account, sold_order(item, **values))
        row.backfill_id = backfill
        row._process()
        self.assertEqual((row.state, row.invoice_due_at), ("done", False), row.error_message)

        def told(**facts):
            stage(self.account, sold_order(item, **values, lastUpdatedTime="2026-11-28T00:00:00Z", **facts))
            row._process()
            return row

        return told

    def test_reported_order_is_invoiced_once_the_list_tells_that_amazon_does_not(self):
        self.assertTrue(self.reported("shipped")().invoice_due_at)

    def test_reported_order_that_amazon_invoices_has_none(self):
        row = self.reported("shipped")(programs=["INVOICE_BY_AMAZON"])
        self.assertEqual((row.invoice_state, row.invoice_due_at), ("by_amazon", False))

    def test_earlier_order_was_invoiced_in_its_time(self):
        self.assertFalse(self.reported("earlier")().invoice_due_at)
