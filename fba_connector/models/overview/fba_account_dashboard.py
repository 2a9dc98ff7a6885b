"""A card for each account: open work, a graph of the last days, and the lists behind them."""

import json
from collections import Counter
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ... import amazon
from ..account.fba_account_connection import NO_PROBLEM
from ..fulfillment.states import OPEN_STATES

DAYS = 14  # of the graph


class FbaAccount(models.Model):
    _inherit = "fba.account"

    color = fields.Integer()
    ready_count = fields.Integer("Ready to Process", compute="_compute_order_counts")
    waiting_count = fields.Integer("Waiting for Stock", compute="_compute_order_counts")
    sending_count = fields.Integer("Queued or Sending", compute="_compute_order_counts")
    in_shipping_count = fields.Integer("In Shipping", compute="_compute_order_counts")
    exception_count = fields.Integer("Amazon Order Exceptions", compute="_compute_order_counts")
    late_count = fields.Integer("Late", compute="_compute_order_counts")
    import_error_count = fields.Integer("Amazon Orders with Errors", compute="_compute_import_counts")
    import_unknown_count = fields.Integer("Amazon Orders with Unknown SKUs", compute="_compute_import_counts")
    difference_count = fields.Integer("Stock Differences", compute="_compute_difference_count")
    dashboard_graph = fields.Text(compute="_compute_dashboard_graph")
    import_load_text = fields.Char(compute="_compute_import_load_text")
    late_work_text = fields.Char(compute="_compute_late_work_text", compute_sudo=True)

    def _compute_order_counts(self):
        Order = self.env["fba.fulfillment.order"]
        here = [("account_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        counts = {
            (account, state): n for account, state, n in Order._read_group(here, ["account_id", "state"], ["__count"])
        }
        late = dict(Order._read_group([*here, ("delay", "=", "late")], ["account_id"], ["__count"]))
        for account in self:
            account.waiting_count = counts.get((account, "waiting"), 0)
            account.ready_count = counts.get((account, "ready"), 0)
            account.sending_count = sum(counts.get((account, state), 0) for state in ("queued", "submitting"))
            account.in_shipping_count = counts.get((account, "in_shipping"), 0)
            account.exception_count = counts.get((account, "exception"), 0)
            account.late_count = late.get(account, 0)

    def _compute_import_counts(self):
        groups = self.env["fba.amazon.order"]._read_group(
            [("account_id", "in", self.ids), ("state", "=", "error")], ["account_id", "missing_sku"], ["__count"]
        )
        errors, unknown = Counter(), Counter()
        for account, sku, count in groups:
            (unknown if sku else errors)[account] += count
        for account in self:
            account.import_error_count, account.import_unknown_count = errors[account], unknown[account]

    @api.depends_context("lang")
    def _compute_import_load_text(self):
        """Where more orders change than Amazon's list delivers: the figures, and what helps."""
        loads, most = self._import_load(), amazon.Gateway.most_orders_a_day
        for account in self:
            if account not in loads:
                account.import_load_text = False
                continue
            changed, lag = loads[account]
            if account.reports_since:
                remedy = self.env._("Odoo reads shipped orders from Amazon's reports as well.")
            elif account.reported_tax == "ask":
                remedy = self.env._(
                    "Amazon's reports could help: an FBA Administrator says who owes their tax under Tax of Reported "
                    "Orders."
                )
            else:
                remedy = self.env._("Read Orders From allows no reports, which could help.")
            figures = self.env._(
                "Amazon's list of orders is too slow: %(changed)s orders changed in a day, it delivers at most "
                "%(most)s; the import is %(lag)s hours behind.",
                changed=changed,
                most=most,
                lag=lag,
            )
            account.import_load_text = f"{figures} {remedy}"

    @api.depends_context("lang", "tz")
    def _compute_late_work_text(self):
        """Scheduled work that is late, and who finds the reason; empty where the connection's message tells it."""
        for account in self:
            late = account.task_lock_ids.filtered("is_late")
            if not late or account.connection_state not in NO_PROBLEM:
                account.late_work_text = False
                continue
            tasks = ", ".join(lock._with_last_run() for lock in late)
            text = self.env._("Scheduled work is late: %s.", tasks)
            account.late_work_text = f"{text} {account._late_work_remedy()}"

    def _late_work_remedy(self):
        return self.env._("The system administrator finds the reason in Odoo's log.")

    def _compute_difference_count(self):
        groups = (
            self.env["fba.discrepancy"]
            .sudo()
            ._read_group(
                [("warehouse_id.fba_account_id", "in", self.ids)],
                ["warehouse_id"],
                ["__count"],
            )
        )
        counts = Counter()
        for warehouse, count in groups:
            counts[warehouse.fba_account_id] += count
        for account in self:
            account.difference_count = counts[account]

    def _compute_dashboard_graph(self):
        """Orders sent to Amazon and orders sold there, a bar for each of the last days."""
        tz = self.env.tz.zone  # Odoo groups by days of the context's time zone, and knows today by the user's, too
        today = fields.Date.context_today(self)
        days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
        since = fields.Datetime.to_datetime(days[0]) - timedelta(days=1)  # wherever the day begins
        counts = Counter()
        for model, moment in (("fba.fulfillment.order", "submitted_at"), ("fba.amazon.order", "ordered_at")):
            groups = (
                self.env[model]
                .with_context(tz=tz)
                ._read_group(
                    [("account_id", "in", self.ids), (moment, ">=", since)],
                    ["account_id", f"{moment}:day"],
                    ["__count"],
                )
            )
            for account, day, count in groups:
                counts[account, day.date()] += count
        for account in self:
            values = [
                {
                    "label": format_date(self.env, day, date_format="d"),
                    "value": counts[account, day],
                    "type": "past",
                }
                for day in days
            ]
            account.dashboard_graph = json.dumps([{"key": self.env._("Orders"), "values": values}])

    # === PROBLEMS === #

    def action_ask_about_account(self):
        """Ask the administrators to see to the problems that the card or the form of this account show. Raises
        AccessError, UserError."""
        self.ensure_one()
        self.check_access("read")
        if not self._shown_problem(self.env):
            raise UserError(self.env._('Account "%s" has no problem.', self.name))
        asked = self._ask_administrators(lambda env: env._("Check the account"), self._shown_problem)
        return self._notify_asked(asked)

    def _shown_problem(self, env):
        """The problems of this account, in the language of `env`; empty where there is none."""
        return " ".join(filter(None, self._shown_problems(env)))

    def _shown_problems(self, env):
        """Hook: what its card and form show; a text may be empty."""
        account = self.sudo().with_env(env(su=True))
        trouble = account.connection_state not in NO_PROBLEM and account.connection_message
        return [trouble, account.late_work_text, account.import_load_text]

    # === THE LISTS BEHIND === #

    def _open_behind(self, action, **context):
        """The list of `action`, of this account, with filters on."""
        self.ensure_one()
        self.check_access("read")
        behind = self.env["ir.actions.act_window"]._for_xml_id(f"fba_connector.{action}")
        filters = {f"search_default_{name}": value for name, value in context.items()}
        return {**behind, "context": {"search_default_account_id": self.id, **filters}}

    def action_open_orders(self):
        """Fulfillment orders of this account; context `fba_filter` names a filter of their list."""
        return self._open_behind("fba_fulfillment_order_action", **{self.env.context.get("fba_filter", "open"): True})

    def action_open_amazon_orders(self):
        """This account's orders in Amazon's inbox; context `fba_filter` names a filter of its list."""
        return self._open_behind("fba_amazon_order_action", **{self.env.context.get("fba_filter", "sold"): True})

    def action_open_differences(self):
        """Differences between the counts of Odoo and Amazon."""
        action = self.action_open_unknown_skus()
        return {**action, "context": {"search_default_unexplained": True}}
