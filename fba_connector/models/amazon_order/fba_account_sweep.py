"""The nightly search for orders that the import has missed, by the time of their creation.

The import searches by the time of update, from where it ended before. An order that Amazon shows late, or leaves out of
a page, lies behind that point.
"""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import formatLang

from ... import amazon
from ...utc import aware
from ..account.access import ACCESS

_logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
LOOK_BACK = timedelta(days=30)
# Calls of Amazon's plan that the sweep leaves to the import: what it finds changed since its last run.
LEFT_TO_IMPORT = 10


class FbaAccount(models.Model):
    _inherit = "fba.account"

    sweep_started_at = fields.Datetime(
        "Last Check for Missing Orders", readonly=True, copy=False, help="Start of the last search by creation date."
    )
    sweep_from = fields.Datetime(
        readonly=True, copy=False, help="The search in progress is for orders created since then; empty without one."
    )
    sweep_page_token = fields.Char(
        readonly=True, copy=False, exportable=False, valid_for=(*ACCESS, "marketplace_ids", "import_from")
    )
    import_pace_message = fields.Char(compute="_compute_import_pace_message", compute_sudo=True)

    def _sweep_orders(self, gateway):
        """Stage the orders of the last 30 days, once a day, as far as Amazon's plan has room; book what was missing.

        The import's own search comes first: the sweep takes no call that it may need, and never waits for Amazon.
        """
        if not self._starts_or_continues_sweep():
            return
        pages = gateway.search_orders(
            created_after=aware(self.sweep_from),
            marketplace_ids=self.marketplace_ids.mapped("marketplace_id"),
            page_token=self.sweep_page_token or None,
            keep=self.buyer_data,
        )
        try:
            self._stage_swept(pages, gateway)
        except amazon.Throttled as error:
            # No failure of the import: the next run continues.
            self.env.cr.rollback()
            _logger.info("FBA account %s: the search for missing orders goes on later: %s", self.id, error)
        if self.env["fba.amazon.order"].search_count([("account_id", "=", self.id), ("is_due", "=", True)], limit=1):
            self._book_due_orders(gateway)

    def _starts_or_continues_sweep(self):
        """Whether a sweep is in progress, or begins now. A new account's first search is one itself."""
        now = fields.Datetime.now()
        has_searched = self.import_cursor and not self.import_page_token
        if not (self.import_orders and self.marketplace_ids and has_searched):
            return False
        if self.sweep_from:
            return True
        if not self.sweep_started_at:
            self.sweep_started_at = now
            self._commit()
            return False
        if self.sweep_started_at > now - EVERY:
            return False
        self.write({"sweep_from": max(now - LOOK_BACK, self.import_from), "sweep_started_at": now})
        self._commit()
        return True

    def _stage_swept(self, pages, gateway):
        """Each page is committed with the place to continue."""
        while gateway.searches_left() > LEFT_TO_IMPORT:
            page = next(pages, None)
            if page:
                self.env["fba.amazon.order"]._stage(self, page.orders)
            token = page and page.next_token
            self.write({"sweep_page_token": token or False, **({} if token else {"sweep_from": False})})
            if not self._commit() or not token:
                break

    @api.depends("import_orders", "import_from")
    def _compute_import_pace_message(self):
        """Figures where Amazon's plan for its searches is too small for the account's orders; empty elsewhere."""
        since = fields.Datetime.now() - LOOK_BACK
        counts = dict(
            self.env["fba.amazon.order"]._read_group(
                [("account_id", "in", self.ids), ("ordered_at", ">=", since)], ["account_id"], ["__count"]
            )
        )
        most = amazon.Gateway.most_orders_a_day
        for account in self:
            seen = counts.get(account, 0)
            days = min(LOOK_BACK, max(fields.Datetime.now() - (account.import_from or since), EVERY)) / EVERY
            account.import_pace_message = account.import_orders and account._import_pace(seen, seen / days, most)

    def _import_pace(self, seen, daily, most):
        """`seen`: orders of the last 30 days; `daily`: of a day; `most`: what Amazon's searches deliver in a day."""

        def number(value):
            return formatLang(self.env, round(value, -2), digits=0)

        if seen <= most - daily:  # the import's own search takes its share
            return False
        figures = {"daily": number(daily), "most": number(most), "seen": number(seen)}
        if daily > most:
            return self.env._(
                "Amazon has about %(daily)s orders a day for this account, but its plan lets Odoo search for %(most)s "
                "a day only: the import falls behind.",
                **figures,
            )
        return self.env._(
            "Amazon has about %(daily)s orders a day for this account, and its plan lets Odoo search for %(most)s a "
            "day. The daily check for missing orders covers %(seen)s orders of the last 30 days: it takes about "
            "%(days)s days, continues where it stopped, and then starts again.",
            days=formatLang(self.env, seen / max(most - daily, most / 100), digits=1),
            **figures,
        )
