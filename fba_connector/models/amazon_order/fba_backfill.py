"""Import of earlier orders of an account: what an administrator wants, its progress, and its figures."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import amazon
from .backfill_sentences import SENTENCES
from .backfill_states import OPEN_STATES, RUNNING_STATES, STATES, TRANSITIONS

KINDS = [("earlier", "Earlier orders"), ("shipped", "Orders that shipped lately")]
WAYS = [("report", "Amazon's reports of shipped items"), ("orders", "Amazon's list of orders")]
REPORTED_TAX = [
    ("ask", "Ask Amazon for each order"),
    ("amazon", "Amazon remits all tax"),
    ("company", "The company owes the tax"),
]
LONGEST = timedelta(days=30)  # a month is the most a report spans
LATE = timedelta(days=31)  # an order leaves within that time, as a rule
LOOKED_AT_FOR = timedelta(days=7)  # then the figures are old, and what the reports told is deleted
# Percent at the beginning of each step.
BEGINS_AT = {"requested": 0, "counting": 0, "fetching": 10, "asking": 30, "booking": 50, "failed": 0, "cancelled": 0}


class FbaBackfill(models.Model):
    """A job fills it (fba_backfill_run.py); only this add-on writes it."""

    _name = "fba.backfill"
    _description = "Import of Earlier Amazon Orders"
    _inherit = ["fba.step.job"]
    _rec_name = "account_id"
    _order = "id desc"
    _transitions = TRANSITIONS
    _sentences = SENTENCES
    _task = "backfill"
    _running_states = RUNNING_STATES
    _open_states = OPEN_STATES

    kind = fields.Selection(
        KINDS, default="earlier", required=True, readonly=True, help="Asked for by a person, or part of the import."
    )
    marketplace_ids = fields.Many2many("fba.marketplace", string="Marketplaces", readonly=True)
    ordered_from = fields.Datetime(required=True, readonly=True)
    ordered_to = fields.Datetime(required=True, readonly=True)
    way = fields.Selection(WAYS, "Source", required=True, readonly=True)
    reported_tax = fields.Selection(REPORTED_TAX, "Who Owes the Tax", required=True, readonly=True)
    dry_run = fields.Boolean(readonly=True, help="A person looks at the figures first.")
    state = fields.Selection(STATES, default="requested", required=True, readonly=True, index=True)

    # Where the job goes on.
    reported_from = fields.Datetime(readonly=True, help="Shipments before that are in no report that it reads.")
    reported_until = fields.Datetime(readonly=True, help="Reports are read up to this time of shipment.")
    report_id = fields.Char(readonly=True, help="The report that Amazon is preparing.")
    report_asked_at = fields.Datetime(readonly=True)
    report_row = fields.Integer(readonly=True, help="Rows of it that are read.")
    fetched_until = fields.Char(readonly=True, help="ID of the last reported order that is in the inbox.")
    page_token = fields.Char(readonly=True)
    is_fetched = fields.Boolean(readonly=True)
    is_tidy = fields.Boolean(readonly=True, help="What was fetched for nothing is deleted.")

    month_ids = fields.One2many("fba.backfill.month", "backfill_id", "Orders by Month", readonly=True)
    order_count = fields.Integer(
        "Orders at Amazon", readonly=True, help="Shipped orders of this time, as far as known."
    )
    imported_count = fields.Integer("Imported Already", readonly=True)
    fetched_count = fields.Integer("Fetched", readonly=True, help="Orders that came into the inbox with it.")
    known_count = fields.Integer("In the Inbox Already", readonly=True)
    ask_count = fields.Integer("To Be Asked For", readonly=True)
    asked_count = fields.Integer("Asked For", readonly=True)
    decided_count = fields.Integer("Decided", readonly=True)
    row_ids = fields.One2many("fba.amazon.order", "backfill_id", "Amazon Orders", readonly=True)
    booked_count = fields.Integer("Imported", compute="_compute_row_counts")
    error_count = fields.Integer("Errors", compute="_compute_row_counts")
    other_count = fields.Integer("Not Imported", compute="_compute_row_counts")
    plan_text = fields.Text("At Amazon's Pace", compute="_compute_plan_text")
    progress = fields.Integer(compute="_compute_import_progress")
    progress_text = fields.Char("Step", compute="_compute_import_progress")

    _one_open = models.UniqueIndex(
        "(account_id, kind) WHERE state NOT IN ('done', 'cancelled')",
        "This account has an import of earlier orders already: open it.",
    )

    def _is_wanted(self, ordered_at):
        return self.ordered_from <= ordered_at and (self.kind == "shipped" or ordered_at < self.ordered_to)

    def _report_end(self):
        """The time of shipment up to which reports are needed (naive UTC); orders leave some time after they are
        placed."""
        return min(self.ordered_to + LATE, self.create_date)

    def _report_start(self):
        return self.reported_from or self.ordered_from

    def _report_count(self):
        return max(1, -((self._report_start() - self._report_end()) // LONGEST))

    @api.depends("state")
    def _compute_row_counts(self):
        groups = self.env["fba.amazon.order"]._read_group(
            [("backfill_id", "in", self.ids), ("backfill_step", "=", False)], ["backfill_id", "state"], ["__count"]
        )
        counts = {(backfill.id, state): count for backfill, state, count in groups}
        for it in self:
            it.booked_count, it.error_count = (counts.get((it.id, state), 0) for state in ("done", "error"))
            it.other_count = sum(counts.get((it.id, state), 0) for state in ("pending", "ignored"))

    @api.depends("order_count", "imported_count", "reported_tax")
    @api.depends_context("lang")
    def _compute_plan_text(self):
        """Calls and time of either way, for the orders counted."""
        for it in self:
            new = it.order_count - it.imported_count
            reports, pages = it._report_count(), -(-it.order_count // amazon.Gateway.orders_a_page)
            asked = new if it.reported_tax == "ask" else 0
            pace = amazon.Gateway.seconds_for
            it.plan_text = "\n".join(
                [
                    it.env._(
                        "Reports: %(reports)s reports and %(asked)s single orders, %(time)s.",
                        reports=reports,
                        asked=asked,
                        time=it._duration(pace(reports=reports, orders=asked)),
                    ),
                    it.env._(
                        "List of orders: %(pages)s pages, %(time)s.",
                        pages=pages,
                        time=it._duration(pace(pages=pages)),
                    ),
                ]
            )

    def _duration(self, seconds):
        if seconds < 120:
            return self.env._("less than 2 minutes")
        if seconds < 2 * 3600:
            return self.env._("%s minutes", round(seconds / 60))
        if seconds < 2 * 86400:
            return self.env._("%s hours", round(seconds / 3600))
        return self.env._("%s days", round(seconds / 86400))

    @api.depends("state", "reported_until", "fetched_count", "known_count", "asked_count", "decided_count")
    @api.depends_context("lang")
    def _compute_import_progress(self):
        for it in self:
            found = it.fetched_count + it.known_count
            parts = {
                "counting": (it._reports_read(), it._report_count(), 10),
                "fetching": (found, max(it.order_count, found), 30),
                "asking": (it.asked_count, it.ask_count, 50),
                "booking": (it.decided_count, it.fetched_count, 100),
            }
            begin = BEGINS_AT.get(it.state, 100)
            done, of, end = parts.get(it.state, (0, 0, begin))
            it.progress = begin + (end - begin) * min(done, of) // (of or 1)
            texts = {
                "requested": it.env._("Waiting to start"),
                "counting": it.env._("Reading reports: %(done)s of %(all)s", done=done, all=of),
                "fetching": it.env._("Fetching orders: %(done)s of %(all)s", done=done, all=of),
                "asking": it.env._("Asking for single orders: %(done)s of %(all)s", done=done, all=of),
                "booking": it.env._("Booking orders: %(done)s of %(all)s", done=done, all=of),
            }
            it.progress_text = texts.get(it.state, False)

    def _reports_read(self):
        return max(0, (self.reported_until - self._report_start()) // LONGEST) if self.reported_until else 0

    # === DIALOG === #

    def _open_dialog(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Earlier Orders: %s", self.account_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_may_change(self):
        self.ensure_one()
        self.account_id._check_may_import_earlier()

    def action_import(self):
        """Import what the dry run has counted."""
        self._check_may_change()
        if self.state == "ready":
            self.sudo()._move_to("requested", dry_run=False)
            self._wake()
        return self._open_dialog()

    def action_go_on(self):
        """Go on where it failed."""
        self._check_may_change()
        if self.state == "failed":
            self.sudo()._move_to("requested", failure_message=False, continues_at=False)
            self._wake()
        return self._open_dialog()

    def action_stop(self):
        """Stop; orders that are booked stay."""
        self._check_may_change()
        self._give_up()
        return {"type": "ir.actions.act_window_close"}

    def _give_up(self):
        result = super()._give_up()
        for it in self.filtered(lambda it: it.state == "cancelled"):
            it.account_id._trigger_again(self._task, timedelta())  # to tidy up
        return result

    def action_open_inbox(self):
        """The orders that came into the inbox with it."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_amazon_order_action")
        return {**action, "domain": [("backfill_id", "=", self.id)], "context": {}}


class FbaBackfillMonth(models.Model):
    _name = "fba.backfill.month"
    _description = "Month of an Import of Earlier Amazon Orders"
    _order = "month, channel, id"

    backfill_id = fields.Many2one("fba.backfill", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="backfill_id.company_id", store=True)
    month = fields.Date(readonly=True)
    channel = fields.Char("Marketplace", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    imported_count = fields.Integer("Imported Already", readonly=True)


def check_time(record, ordered_from, ordered_to):
    """Raises UserError where orders of this time cannot be imported."""
    if not ordered_from < ordered_to:
        raise UserError(record.env._("Choose a time that begins before it ends."))
    if ordered_from > fields.Datetime.now():
        raise UserError(record.env._("Choose a time that has begun already."))
