"""Invoices of orders sold on Amazon, made once and in batches after the orders are booked."""

from datetime import timedelta

from odoo import api, fields, models

from ..account.fba_account_runs import reason_of
from ..shared.changes import write_changed
from ..shared.sentence import SentenceField, say
from .fba_amazon_order_sale import QUIET
from .sale_order_invoice import InvoiceDays

AT_ONCE = 100  # invoices made in one transaction
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(days=1)  # between two tries
SETTLED = {"invoice_due_at": False, "invoice_tries": 0, "invoice_message": False}


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    is_invoiced_by_amazon = fields.Boolean(readonly=True, copy=False)
    invoice_id = fields.Many2one("account.move", readonly=True, copy=False, ondelete="set null", index="btree_not_null")
    invoice_state = fields.Selection(
        [("none", "None"), ("draft", "Draft"), ("posted", "Posted"), ("by_amazon", "By Amazon")],
        "Invoice Status",
        compute="_compute_invoice_state",
        store=True,
    )
    invoice_due_at = fields.Datetime(
        "Next Invoicing", readonly=True, copy=False, index="btree_not_null", help="When Odoo makes the invoice."
    )
    invoice_tries = fields.Integer(readonly=True, copy=False)
    invoice_message = SentenceField("Invoice Message", readonly=True, copy=False)

    @api.depends("is_invoiced_by_amazon", "invoice_id.state")
    def _compute_invoice_state(self):
        for row in self:
            state = row.invoice_id.state
            row.invoice_state = (
                "by_amazon" if row.is_invoiced_by_amazon else state if state in ("draft", "posted") else "none"
            )

    def _note_booking(self, sale, order, message=False):
        """What was invoiced before, as another sales order or by the company's other account, is not invoiced again."""
        twin = self.sudo().twin_id.filtered(lambda row: row.company_id == self.company_id)
        noted = super()._note_booking(sale, order, message)
        if not self.invoice_id:
            self.invoice_id = twin.invoice_id or twin.sale_id.order_line.invoice_lines.move_id.sorted("id")[:1]
        # Earlier orders were invoiced by whatever did so then; of reported ones, Amazon's list tells who invoices.
        self._decide_on_invoice(sale, order, may=not (twin.invoice_due_at or self.backfill_id))
        return noted

    def _compare(self, order):
        result = super()._compare(order)
        if self.backfill_id.kind == "shipped" and self.sale_id and not (self.invoice_id or self.invoice_due_at):
            self._decide_on_invoice(self.sale_id, order)
        return result

    def _decide_on_invoice(self, sale, order, *, may=True):
        by_amazon = order.is_invoiced_by_amazon or self._is_where_amazon_invoices()
        no_need = by_amazon or self.invoice_id or sale.currency_id.is_zero(sale.amount_total)
        is_due = may and self.account_id.auto_invoice != "no" and not no_need
        due_at = fields.Datetime.now() if is_due else False
        write_changed(self, {**SETTLED, "is_invoiced_by_amazon": by_amazon, "invoice_due_at": due_at})

    def _is_where_amazon_invoices(self):
        return self.marketplace_id in self.account_id.amazon_invoices_marketplace_ids

    # === INVOICES === #

    def _invoice(self):
        """Make the invoices of these orders (one account's), one for each, as the account wants them.

        Orders that got an invoice otherwise keep that one; orders that another transaction works on stay due.
        """
        rows = self.try_lock_for_update(allow_referencing=True).filtered("invoice_due_at").sudo()
        by_amazon = rows.filtered(lambda row: row._is_where_amazon_invoices())
        by_amazon.write({**SETTLED, "is_invoiced_by_amazon": True})
        ended = (rows - by_amazon).filtered(lambda row: row.sale_id.state != "sale")
        ended.write(SETTLED)
        sales = (rows - by_amazon - ended).sale_id._fba_lock_for_invoices()
        rows = rows.filtered(lambda row: row.sale_id in sales)
        rows -= rows._keep_invoices()
        for row in rows:
            if not row.sale_id._fba_invoiceable_whole():
                row._note_invoice_failure(say("nothing_to_invoice"))
        rows = rows.filtered("invoice_due_at").filtered(lambda row: row.sale_id._get_invoiceable_lines())
        if rows:
            rows._create_invoices_of_sales()

    def _keep_invoices(self):
        """Settle those whose sales orders have an invoice, draft, cancelled or credit note included. Returns them."""
        invoiced = self.browse()
        for row in self:
            if made := row.sale_id.order_line.invoice_lines.move_id:
                row.write({**SETTLED, "invoice_id": made.sorted("id")[0].id})
                invoiced |= row
        return invoiced

    def _create_invoices_of_sales(self):
        company, sales = self.company_id, self.sale_id
        days = {sale: company._fba_open_day(sale.effective_date or sale.date_order) for sale in sales}
        context = {**QUIET, "fba_invoice_days": InvoiceDays(days)}
        invoices = sales.with_company(company).with_context(**context)._create_invoices(grouped=True)
        invoices = invoices.with_env(self.env)
        invoice_of = {invoice.invoice_line_ids.sale_line_ids.order_id: invoice for invoice in invoices}
        to_post = invoices.browse()
        for row in self:
            invoice = invoice_of[row.sale_id]
            difference = row._difference_to(invoice)
            row.write({**SETTLED, "invoice_id": invoice.id, "invoice_message": difference})
            if not difference and row.account_id.auto_invoice == "posted":
                to_post |= invoice
        if to_post:
            to_post.with_company(company).with_context(**QUIET).action_post()

    def _difference_to(self, invoice):
        """The sentence on an `invoice` that is not of Amazon's total, or of other taxes than the sale; False if it is
        right."""
        sale, currency = self.sale_id, invoice.currency_id
        theirs, ours = (self.booked_total, sale.amount_tax), (invoice.amount_total, invoice.amount_tax)
        if currency == sale.currency_id and not any(map(currency.compare_amounts, ours, theirs)):
            return False
        amounts = {
            name: [amount, currency.id]
            for name, amount in zip(("total", "tax", "their_total", "their_tax"), (*ours, *theirs), strict=True)
        }
        return say("invoice_differs", **amounts)

    def _note_invoice_failure(self, reason):
        """Keep the reason for a clerk, and the time of the next try."""
        wait = min(SHORTEST * 2 ** min(self.invoice_tries, 10), LONGEST)
        self.write(
            {
                "invoice_due_at": fields.Datetime.now() + wait,
                "invoice_tries": self.invoice_tries + 1,
                "invoice_message": say("not_invoiced", reason=reason),
            }
        )

    def action_invoice(self):
        """Try failed invoices again immediately, in the background. Raises AccessError."""
        self._check_may_import()
        again = self.sudo().filtered("invoice_due_at")
        again.invoice_due_at = fields.Datetime.now()
        again.account_id._trigger_again("import", timedelta())
        return True


class FbaAccount(models.Model):
    _inherit = "fba.account"

    auto_invoice = fields.Selection(
        [("no", "No"), ("draft", "Draft Invoices"), ("posted", "Posted Invoices")],
        "Invoice Automatically",
        default="no",
        required=True,
        help="Odoo makes one invoice for each order that it imports from now on, at Amazon's amounts, dated by the "
        "delivery. It makes none for orders that Amazon invoices, or that have an invoice already.",
    )
    invoice_from = fields.Datetime(
        "Invoiced Since", readonly=True, copy=False, help="Odoo invoices no orders that it imported earlier."
    )
    amazon_invoices_marketplace_ids = fields.Many2many(
        "fba.marketplace",
        "fba_account_amazon_invoices_rel",
        string="Amazon Invoices In",
        help="Marketplaces where Amazon sends the invoices to buyers, for instance by its VAT Calculation Service. "
        "Odoo makes none there.",
    )

    def _settings_changed(self, before, vals):
        super()._settings_changed(before, vals)
        if before.get("auto_invoice") == "no":
            self.invoice_from = fields.Datetime.now()
            due = [("account_id", "=", self.id), ("invoice_due_at", "!=", False)]
            self.env["fba.amazon.order"].sudo().search(due).write(SETTLED)

    def _invoice_due_orders(self, _gateway):
        if self.auto_invoice == "no":
            return
        due = self.env["fba.amazon.order"].search(
            [("account_id", "=", self.id), ("invoice_due_at", "<=", fields.Datetime.now())], order="id"
        )
        self._for_each(
            "import",
            due,
            lambda rows: rows._invoice(),
            at_once=AT_ONCE,
            note=lambda row, error: row._note_invoice_failure(reason_of(error)),
        )
