"""Where an account's orders come from: Amazon's list, and where more change than it can deliver, reports as well.

Amazon's plan for the list is small: 20 pages of 100 orders at once, then one in three minutes. A report of what shipped
has any number of orders. The list goes on beside it: it tells of cancellations, refunds and all later changes.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ... import amazon
from ..shared.reader import post

LONGEST_LAG = timedelta(hours=6)
ASK_EVERY = timedelta(hours=4)  # Amazon makes the report anew no more often
OVERLAP = timedelta(days=3)  # parts of an order may leave apart


class FbaAccount(models.Model):
    _inherit = "fba.account"

    import_source = fields.Selection(
        [
            ("auto", "Amazon's list, and its reports where the list is too slow"),
            ("orders", "Amazon's list of orders only"),
            ("report", "Amazon's reports of shipped items, and its list"),
        ],
        "Read Orders From",
        default="auto",
        required=True,
        help="Amazon's list delivers about 50,000 changed orders a day; a report has any number, but does not tell who "
        "owes the tax.",
    )
    reports_since = fields.Datetime(
        "Reports Read Since", readonly=True, copy=False, help="Shipped orders come from Amazon's reports as well."
    )

    @api.constrains("import_source", "reported_tax")
    def _check_import_source(self):
        for account in self:
            if account.import_source == "report" and account.reported_tax == "ask":
                raise ValidationError(
                    self.env._(
                        "Account %s: to import orders from reports, say who owes their tax under Tax of Reported "
                        "Orders. Asking Amazon for each order is slower than its list.",
                        account.name,
                    )
                )

    def _import_load(self):
        """{account: (orders that changed in the last day that is read, hours that the list lags behind)} of those
        whose changes Amazon's list does not deliver in time."""
        accounts = self.filtered(lambda it: it.import_orders and it.import_cursor)
        if not accounts:
            return {}
        self.flush_model(["import_cursor"])
        self.env["fba.amazon.order"].flush_model(["account_id", "amazon_updated_at", "is_wanted"])
        changed = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT a.id, count(*)
                      FROM fba_account a
                      JOIN fba_amazon_order o ON o.account_id = a.id
                           AND o.amazon_updated_at > a.import_cursor - interval '1 day'
                           AND o.amazon_updated_at <= a.import_cursor
                     WHERE a.id IN %s AND o.is_wanted IS NOT TRUE
                  GROUP BY a.id
                    """,
                    tuple(accounts.ids),
                )
            )
        )
        loads, now = {}, fields.Datetime.now()
        for account in accounts:
            # Without a search in progress, all is read; an old cursor is that of an account at rest.
            lag = now - account.import_cursor if account.sudo().import_page_token else timedelta()
            count = changed.get(account.id, 0)
            if count > amazon.Gateway.most_orders_a_day or lag > LONGEST_LAG:
                loads[account] = (count, round(lag.total_seconds() / 3600))
        return loads

    def _import_changed_orders(self, gateway):
        self._choose_import_source()
        self._commit()  # a list that is throttled must not take the choice back
        return super()._import_changed_orders(gateway)

    def _choose_import_source(self):
        """Begin or end to read reports, as the setting and the load want it; a change is told in the chatter."""
        self.ensure_one()
        load = self._import_load().get(self)
        wanted = self.import_source == "report" or (
            self.import_source == "auto" and self.reported_tax != "ask" and bool(load)
        )
        if wanted == bool(self.reports_since):
            return
        self.reports_since = fields.Datetime.now() if wanted else False
        if self.import_source == "auto":
            post(self, self._responsible(), self._source_message(load))
        if wanted:
            self._trigger_again("backfill", timedelta())

    def _source_message(self, load):
        if not load:
            return lambda env: env._(
                "Amazon's list of orders is in time again: Odoo reads no reports of shipped orders."
            )
        changed, lag = load
        most = amazon.Gateway.most_orders_a_day
        return lambda env: env._(
            "More orders change than Amazon's list delivers (%(changed)s in a day, at most %(most)s; %(lag)s hours "
            "behind): Odoo reads shipped orders from Amazon's reports as well.",
            changed=changed,
            most=most,
            lag=lag,
        )

    def _read_shipped_orders(self):
        """A job for each of these that reads reports, every few hours; one that failed goes on, since nobody looks at
        it. Orders that no report is read for any more are booked all the same."""
        Backfill, now = self.env["fba.backfill"], fields.Datetime.now()
        waiting = [("backfill_id.kind", "=", "shipped"), ("backfill_step", "!=", False)]
        left_over = self.env["fba.amazon.order"]._read_group([("account_id", "in", self.ids), *waiting], ["account_id"])
        left_over = self.browse(account.id for (account,) in left_over)
        for account in self.filtered(lambda it: it.import_orders and (it.reports_since or it in left_over)):
            last = Backfill.search([("account_id", "=", account.id), ("kind", "=", "shipped")], limit=1)
            if last.state == "failed" and last.state_since <= now - ASK_EVERY:
                last._move_to("requested", failure_message=False, continues_at=False)
            if last and (last.state not in ("done", "cancelled") or last.create_date > now - ASK_EVERY):
                continue
            # Where no reports were read before, the list has told what shipped until its own place.
            goes_on = last and account.reports_since and last.create_date >= account.reports_since
            reported_from = ((goes_on and last.create_date) or account.import_cursor or now) - OVERLAP
            Backfill.create(
                {
                    "account_id": account.id,
                    "kind": "shipped",
                    "marketplace_ids": account.marketplace_ids.ids,
                    "ordered_from": account.import_from,
                    "ordered_to": now,
                    "reported_from": reported_from,
                    "reported_until": False if account.reports_since else now + OVERLAP,  # then it reads none
                    "way": "report",
                    "reported_tax": account.reported_tax,
                }
            )


class FbaBackfill(models.Model):
    _inherit = "fba.backfill"

    @api.autovacuum
    def _gc_shipped(self):
        """Those of the import's own that have ended long since; the last one says where the next begins."""
        ended = [("kind", "=", "shipped"), ("state", "in", ("done", "cancelled")), ("is_tidy", "=", True)]
        old = self.search([*ended, ("create_date", "<", fields.Datetime.now() - timedelta(days=7))])
        waiting = (
            self.env["fba.amazon.order"]
            .search([("backfill_id", "in", old.ids), ("backfill_step", "!=", False)])
            .backfill_id
        )
        last = {account: its.sorted("id")[-1:] for account, its in self.search(ended).grouped("account_id").items()}
        (old - waiting - self.union(*last.values())).unlink()


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    _updated_index = models.Index("(account_id, amazon_updated_at)")
