"""First synchronization of an account: its progress, the differences, and the decision of an administrator."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shared.sentence import day
from .first_sync_sentences import SENTENCES
from .first_sync_states import OPEN_STATES, RUNNING_STATES, STATES, TRANSITIONS

GOOD_FOR = timedelta(hours=1)  # after that, Amazon's counts are old
# Percent at the beginning of each step; the booking has a scale of its own.
BEGINS_AT = {"requested": 0, "pulling": 5, "importing": 20, "counting": 40, "failed": 0, "cancelled": 0}


class FbaFirstSync(models.Model):
    """A job fills it (fba_first_sync_run.py); only this add-on writes it."""

    _name = "fba.first.sync"
    _description = "First Synchronization with Amazon"
    _inherit = ["fba.step.job"]
    _rec_name = "account_id"
    _order = "id desc"
    _transitions = TRANSITIONS
    _sentences = SENTENCES
    _task = "first_sync"
    _running_states = RUNNING_STATES
    _open_states = OPEN_STATES

    currency_id = fields.Many2one(related="company_id.currency_id")
    only_skus = fields.Boolean(readonly=True, help="Reads Amazon's seller SKUs and counts; compares and books nothing.")
    state = fields.Selection(STATES, default="requested", required=True, readonly=True, index=True)
    counted_at = fields.Datetime("Counted", readonly=True, help="Time of the first request for Amazon's counts.")
    counted_warehouse_ids = fields.Many2many("stock.warehouse", readonly=True)
    sku_count = fields.Integer("Seller SKUs", readonly=True, help="SKUs that Amazon has listed so far.")
    unknown_count = fields.Integer("Unknown SKUs", readonly=True)
    product_count = fields.Integer("Products", readonly=True)
    matches = fields.Json(
        readonly=True, help="What the unconfirmed SKUs were when they were counted: {ID: [[product ID, units]]}."
    )
    confirmed_by_id = fields.Many2one("res.users", readonly=True)
    confirmed_at = fields.Datetime("Confirmed", readonly=True)

    line_ids = fields.One2many("fba.first.sync.line", "first_sync_id", "Products to Book", readonly=True)
    difference_ids = fields.One2many(
        "fba.first.sync.line", "first_sync_id", "Differences", domain=[("difference", "!=", 0)], readonly=True
    )
    noted_ids = fields.One2many(
        "fba.first.sync.line", "first_sync_id", "Not Booked", domain=[("note", "!=", False)], readonly=True
    )
    line_count = fields.Integer("To Book", compute="_compute_outcome_counts")
    difference_count = fields.Integer("Products with a Difference", compute="_compute_outcome_counts")
    booked_count = fields.Integer("Booked", compute="_compute_outcome_counts")
    left_count = fields.Integer("Left Out", compute="_compute_outcome_counts")
    failed_count = fields.Integer("Failed", compute="_compute_outcome_counts")
    value = fields.Monetary("Value of All Differences", compute="_compute_outcome_counts")
    costless_count = fields.Integer("Products without Cost", compute="_compute_outcome_counts")
    progress = fields.Integer(compute="_compute_progress")
    progress_text = fields.Char("Step", compute="_compute_progress")

    _one_open = models.UniqueIndex(
        "(account_id) WHERE state NOT IN ('done', 'cancelled')",
        "This account has a first synchronization already: open it.",
    )

    @api.depends("line_ids.outcome")
    def _compute_outcome_counts(self):
        Line, here = self.env["fba.first.sync.line"], [("first_sync_id", "in", self.ids)]
        outcomes = {
            (sync.id, outcome): count
            for sync, outcome, count in Line._read_group(here, ["first_sync_id", "outcome"], ["__count"])
        }
        sums = {
            sync.id: (count, value)
            for sync, count, value in Line._read_group(
                [*here, ("difference", "!=", 0)], ["first_sync_id"], ["__count", "value:sum"]
            )
        }
        costless = dict(
            Line._read_group([*here, ("difference", "!=", 0), ("value", "=", 0)], ["first_sync_id"], ["__count"])
        )
        for sync in self:
            sync.costless_count = costless.get(sync, 0)
            counts = [outcomes.get((sync.id, outcome), 0) for outcome in (False, "booked", "left", "failed")]
            sync.line_count = sum(counts)
            _open, sync.booked_count, sync.left_count, sync.failed_count = counts
            sync.difference_count, sync.value = sums.get(sync.id, (0, 0.0))

    @api.depends("state", "sku_count", "line_ids.outcome")
    @api.depends_context("lang")
    def _compute_progress(self):
        texts = {
            "requested": self.env._("Waiting to start"),
            "pulling": self.env._("Reading shipments"),
            "importing": self.env._("Reading orders sold on Amazon"),
        }
        for sync in self:
            ended = sync.booked_count + sync.left_count + sync.failed_count
            if sync.state == "confirmed":
                sync.progress = 100 * ended // (sync.line_count or 1)
                sync.progress_text = self.env._("Booking %(ended)s of %(all)s", ended=ended, all=sync.line_count)
            else:
                sync.progress = BEGINS_AT.get(sync.state, 100)
                sync.progress_text = (
                    self.env._("Counting stock: %s SKUs", sync.sku_count)
                    if sync.state == "counting"
                    else texts.get(sync.state, False)
                )

    def _result(self):
        """What it has booked, when and by whose confirmation, as a sentence."""
        text = self.env._(
            "%(booked)s products booked on %(day)s, confirmed by %(user)s.",
            booked=self.booked_count,
            day=day(self.env, self.confirmed_at),
            user=self.confirmed_by_id.name,
        )
        if rest := self.left_count + self.failed_count:
            text += " " + self.env._("%s were left out: the next synchronizations compare them.", rest)
        return text

    # === DIALOG === #

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Seller SKUs: %s", self.account_id.name)
            if self.only_skus
            else self.env._("First Synchronization: %s", self.account_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _check_may_decide(self):
        self.ensure_one()
        self.account_id._check_may_sync()

    def action_confirm(self):
        """Store the decision to book the differences shown; a job books them.

        Context `fba_shown_at`: the time of the counts that the person sees.
        """
        self._check_may_decide()
        if self.state in ("confirmed", "done"):
            return self._open()
        if self.state != "ready":
            raise UserError(
                self.env._(
                    'Stock of account "%s" is not counted: there is nothing to confirm yet.', self.account_id.name
                )
            )
        self.account_id._check_may_call()
        if self._is_old():
            raise UserError(self.env._("Amazon's counts are more than an hour old. Press Count Again."))
        shown_at = self.env.context.get("fba_shown_at")
        if shown_at and fields.Datetime.to_datetime(shown_at) != self.counted_at:
            raise UserError(self.env._("Another user has counted again. Close this window and open it again."))
        values = {"confirmed_by_id": self.env.uid, "confirmed_at": fields.Datetime.now()}
        self.sudo()._move_to("confirmed", **values)
        self._wake()
        return self._open()

    def _is_old(self):
        return not self.counted_at or fields.Datetime.now() - self.counted_at > GOOD_FOR

    def action_try_again(self):
        """Read and count anew, after a failure or if the counts are old."""
        self._check_may_decide()
        if self.state in ("ready", "failed"):
            self.account_id._check_may_call()
            self.sudo()._move_to("requested", failure_message=False, continues_at=False)
            self._wake()
        return self._open()

    def action_give_up(self):
        """Give up before anything is booked."""
        self._check_may_decide()
        if self.state == "confirmed":
            raise UserError(self.env._("Odoo is booking the differences already. Wait for the end."))
        self._give_up()
        return {"type": "ir.actions.act_window_close"}

    def action_open_stock(self):
        """Stock at Amazon of this account."""
        self._check_may_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_stock_action")
        return {**action, "domain": [("warehouse_id", "in", self.account_id._afn_warehouses().ids)]}

    @api.autovacuum
    def _gc_lines(self):
        self.env["fba.first.sync.line"].search([("first_sync_id.state", "=", "cancelled")]).unlink()
