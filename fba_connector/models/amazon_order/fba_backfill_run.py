"""The job of an import of earlier orders: reads reports, fetches orders into the inbox, asks for single ones, books."""

import time
from dataclasses import replace
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ... import amazon
from ...utc import aware
from ..account.fba_account_runs import CONCURRENCY_ERRORS, reason_of
from ..account.fba_step_job import BUSY, AccountPaused, NotReady
from ..shared.sentence import say
from .fba_account import AT_ONCE
from .fba_amazon_order_backfill import without_money
from .fba_backfill import LONGEST, LOOKED_AT_FOR
from .fba_reported_item import shops_of

STAGED_AT_ONCE = 500  # orders in one transaction
ASKED_AT_ONCE = 100  # orders whose rows are read at once; each answer is a transaction
READ_AT_ONCE = 1000  # orders to book whose rows are read at once
TIDIED_AT_ONCE = 1000
LOOK_AGAIN = timedelta(seconds=60)  # Amazon prepares a report in minutes
GIVE_UP_AFTER = timedelta(hours=6)  # a report that is not ready by then is asked for again
SEARCH_AGAIN = timedelta(minutes=3)  # Amazon's plan has room for one more search
LEFT_TO_OTHERS = 3  # searches at Amazon's small plan that the import of new orders may need
MARGIN = timedelta(minutes=3)  # Amazon wants the end of a search two minutes ago
SETTLED = timedelta(days=1)  # the parts of an order that leave apart leave within that time, as a rule
READS_FOR_S = 60  # a report, if the scheduler has no time left: each run begins with its download


class ReportFailed(Exception):
    """Amazon could not make a report."""


WORK = {
    "counting": "_read_reports",
    "fetching": "_fetch",
    "asking": "_ask",
    "booking": "_book_fetched",
}
NEXT = {"fetching": "asking", "asking": "booking", "booking": "done"}


class FbaBackfill(models.Model):
    _inherit = "fba.backfill"

    # Asking once more for a report whose request got lost costs quota, no more.
    _passing = (amazon.Unavailable, amazon.OutcomeUnknown, NotReady, *CONCURRENCY_ERRORS)

    def _work_on(self, state):
        """Each of WORK(account, gateway) returns None at its end, or NotReady."""
        if state not in WORK:
            return None
        ended = []

        def work(account, gateway):
            ended.append(getattr(self.with_env(account.env), WORK[state])(account, gateway))

        error = self._run_locked("backfill", work)
        return error if error is not None else ended[0]

    def _next_state(self):
        if self.state == "requested":
            return "counting" if self.way == "report" or self.dry_run else "fetching"
        if self.state == "counting":
            return "ready" if self.dry_run else "fetching"
        return NEXT[self.state]

    def _reason(self, error):
        if isinstance(error, AccountPaused):
            return say("paused", account=self.account_id.name)
        if isinstance(error, ReportFailed):
            return say("report_failed")
        if isinstance(error, amazon.AmazonError):
            return say("amazon", reason=reason_of(error))
        if isinstance(error, UserError):
            return reason_of(error)
        return say("internal", reason=str(error))

    # === STEPS === #

    def _read_reports(self, account, gateway):
        """Rows of each month's report, and the orders they are of, by month."""
        while (since := self.reported_until or self._report_start()) < self._report_end():
            if not self.report_id or self.report_asked_at < fields.Datetime.now() - GIVE_UP_AFTER:
                self.write({"report_asked_at": fields.Datetime.now(), "report_row": 0})
                account._commit()  # an answer that gets lost costs a report, not one at every run
                self.report_id = gateway.create_report(self._report_of(since))
                account._commit()
            try:
                pending = self._read_report(account, gateway)
            except (amazon.Rejected, amazon.Malformed):  # another one may be better
                self.env.cr.rollback()
                self.report_id = False
                account._commit()
                raise
            if pending:
                return pending
            self.write({"reported_until": self._window_end(since), "report_id": False, "report_row": 0})
            account._commit()
        self.env["fba.reported.item"]._analyze()
        self._count_orders()
        return None

    def _read_report(self, account, gateway):
        report = gateway.get_report(self.report_id)
        if report.status not in amazon.reports.ENDED:
            return NotReady(LOOK_AGAIN)
        if report.status == amazon.reports.FATAL:
            self.report_id = False
            return ReportFailed()
        if report.status == amazon.reports.DONE and report.document_id:
            with gateway.open_report(report.document_id) as rows:
                if not self._keep_rows(account, rows):
                    return NotReady()
        return None

    def _window_end(self, since):
        return min(since + LONGEST, self._report_end())

    def _report_of(self, since):
        return amazon.ReportRequest(
            amazon.reports.SHIPMENTS,
            tuple(self.marketplace_ids.mapped("marketplace_id")),
            start_at=aware(since),
            end_at=aware(self._window_end(since)),
        )

    def _keep_rows(self, account, rows):
        """Returns whether all of them are read; else the next run goes on behind the last."""
        Item = self.env["fba.reported.item"]
        items = amazon.reported_items(rows, account.buyer_data)
        for _skipped in range(self.report_row):
            next(items, None)
        end = time.monotonic() + READS_FOR_S
        while count := Item._store_rows(self, items):
            self.report_row += count
            if not account._commit() and time.monotonic() > end:
                return False
        return True

    def _count_orders(self):
        """Once: what is fetched is no longer among them."""
        if self.fetched_count or self.known_count:
            return
        months = self.env["fba.reported.item"]._count_months(self)
        self.write(
            {
                "month_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {"month": month, "channel": channel, "order_count": count, "imported_count": imported}
                        )
                        for month, channel, count, imported in months
                    ),
                ],
                "order_count": sum(count for _month, _channel, count, _imported in months),
                "imported_count": sum(imported for _month, _channel, _count, imported in months),
            }
        )

    def _fetch(self, account, gateway):
        return self._fetch_reported(account) if self.way == "report" else self._fetch_listed(account, gateway)

    def _fetch_reported(self, account):
        """The orders of the rows, as the Orders API would tell them; `is_complete` ones need nobody's answer."""
        Item, shops = self.env["fba.reported.item"], shops_of(self.marketplace_ids)
        is_remitted = self.reported_tax == "amazon"
        while orders := Item._next_orders(self, STAGED_AT_ONCE):
            steps = []
            for order_id, rows in orders.items():
                found = amazon.reported_order(order_id, rows, shops, is_remitted=is_remitted, keep=account.buyer_data)
                is_asked = self.reported_tax == "ask" or not found.is_complete
                raw = replace(found.raw, payload=without_money(found.raw.payload)) if is_asked else found.raw
                steps.append((raw, "ask" if is_asked else "book"))
            self._stage(steps)
            self.fetched_until = list(orders)[-1]  # in the order of the database
            if not account._commit():
                return NotReady()
        Item._delete_rows(self)
        return None

    def _fetch_listed(self, account, gateway):
        """Pages of Amazon's list, without those that the import of new orders needs."""
        before = min(self.ordered_to, self.create_date - MARGIN)
        while not self.is_fetched and self.ordered_from < before:
            if gateway.searches_left() <= LEFT_TO_OTHERS:
                return NotReady(SEARCH_AGAIN)
            pages = gateway.search_orders(
                created_after=aware(self.ordered_from),
                created_before=aware(before),
                marketplace_ids=self.marketplace_ids.mapped("marketplace_id"),
                page_token=self.page_token or None,
                keep=account.buyer_data,
            )
            page = next(pages)
            self._stage([(raw, "book") for raw in page.orders])
            self.write({"page_token": page.next_token or False, "is_fetched": not page.next_token})
            if not account._commit() and not self.is_fetched:
                return NotReady()
        return None

    def _stage(self, steps):
        """`steps`: [(amazon.RawOrder, step)]."""
        rows, known = self.env["fba.amazon.order"]._stage_wanted(self, steps)
        asked = len(rows.filtered(lambda row: row.backfill_step == "ask"))
        self.write(
            {
                "fetched_count": self.fetched_count + len(rows),
                "known_count": self.known_count + known,
                "ask_count": self.ask_count + asked,
            }
        )

    def _ask(self, account, gateway):
        """Amazon's answer about each order that the report does not tell enough of. Each is a transaction."""
        while rows := self._next_rows("ask", ASKED_AT_ONCE):
            for row in rows:
                try:
                    raw = gateway.get_order(row.amazon_order_id, account.buyer_data)
                except (amazon.Rejected, amazon.Malformed) as error:
                    row._note_unanswered(error)
                    self.decided_count += 1
                else:
                    row._take_answer(raw)
                self.asked_count += 1
                if not account._commit():
                    return NotReady()
        return None

    def _book_fetched(self, account, _gateway):
        def decide(rows):
            rows._book_wanted()
            self.decided_count += len(rows)

        def note(row, error):
            row._note_wanted_failure(reason_of(error))
            self.decided_count += 1

        while rows := self._next_rows("book", READ_AT_ONCE):
            account._for_each("backfill", rows, decide, at_once=AT_ONCE, note=note)
            if rows.filtered("backfill_step"):
                return NotReady(BUSY)  # some were busy, or time was up
            self.env.invalidate_all()
        return None

    def _next_rows(self, step, most):
        due = [("backfill_id", "=", self.id), ("backfill_step", "=", step)]
        if self.kind == "shipped":  # of the jobs before as well: more of an order may have left in the meantime
            settled = fields.Datetime.now() - SETTLED
            due = [
                ("account_id", "=", self.account_id.id),
                ("backfill_id.kind", "=", "shipped"),
                ("backfill_step", "=", step),
                ("amazon_updated_at", "<=", settled),
            ]
        return self.env["fba.amazon.order"].search(due, order="amazon_updated_at, id", limit=most)

    # === AFTER THE END === #

    def _tidy(self):
        """Delete what an import that ended has fetched for nothing, in transactions of bounded length."""
        self.ensure_one()
        account = self.account_id
        self.env["fba.reported.item"]._delete_rows(self)
        account._commit()
        if self.kind == "shipped":  # what waits is for the next one
            self.is_tidy = True
            account._commit()
            return
        while rows := self.env["fba.amazon.order"].search(
            [("backfill_id", "=", self.id), ("backfill_step", "!=", False)], limit=TIDIED_AT_ONCE
        ):
            booked = rows.filtered(lambda row: row.sale_id or row.booked_at)
            booked.backfill_step = False
            # Decided on, or about to be: Amazon's list has told them as well, and tells each change once.
            told = (rows - booked).filtered(lambda row: row.is_due or row.amazon_status)
            told.write({"is_wanted": False, "backfill_id": False, "backfill_step": False})
            told.filtered(lambda row: row.state != "ignored").is_due = True
            (rows - booked - told).unlink()
            account._commit()
        self.is_tidy = True
        account._commit()

    def _is_stale(self):
        return self.state == "ready" and self.state_since < fields.Datetime.now() - LOOKED_AT_FOR
