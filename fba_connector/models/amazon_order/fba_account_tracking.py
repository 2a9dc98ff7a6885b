"""Tracking numbers of orders sold on Amazon, from a report: the Orders API has none for Amazon's own shipments."""

import logging
from datetime import timedelta
from itertools import islice

from odoo import fields, models

from ... import amazon
from ...utc import aware
from ..account.access import ACCESS
from ..account.fba_account_runs import reason_of

_logger = logging.getLogger(__name__)

# Amazon updates this report every few hours; missing shipments were not scanned yet.
ASK_EVERY = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(days=1)
LONGEST = timedelta(days=30)  # a month is the most a report spans
BEFORE = timedelta(days=1)  # of clocks and pages
ROWS_AT_ONCE = 100  # PostgreSQL looks up more IDs in the trigram index, which is slow for whole ones


class FbaAccount(models.Model):
    _inherit = "fba.account"

    tracking_report_id = fields.Char(
        readonly=True, copy=False, valid_for=ACCESS, help="The report that Amazon is preparing."
    )
    tracking_asked_at = fields.Datetime(readonly=True, copy=False)

    def _follow_tracking(self, gateway):
        """Fetch the requested report once it is ready, else request one where orders lack their numbers.

        A report that is unreadable, or not ready after a day, is given up: the next has the same rows.
        """
        now = fields.Datetime.now()
        if self.tracking_report_id and self.tracking_asked_at > now - GIVE_UP_AFTER:
            try:
                self._fetch_tracking(gateway)
            except (amazon.Rejected, amazon.Malformed):
                self.env.cr.rollback()
                self.tracking_report_id = False
                self._commit()
                raise
        elif since := self._tracking_missing_since():
            if not self.tracking_asked_at or self.tracking_asked_at <= now - ASK_EVERY:
                self.tracking_asked_at = now
                self._commit()  # an answer that gets lost costs a report, not one at every run
                self.tracking_report_id = gateway.create_report(
                    amazon.ReportRequest(
                        amazon.reports.SHIPMENTS,
                        tuple(self.marketplace_ids.mapped("marketplace_id")),
                        # Up to now, by Amazon's clock.
                        start_at=aware(max(since, now - LONGEST)),
                    )
                )
        self._commit()

    def _tracking_missing_since(self):
        """The time since when the imported orders without a tracking number have left; False where none lacks one, or
        no longer.

        An order changes at Amazon when it leaves and may change again later; it leaves after it was placed.
        """
        (ordered_at, updated_at) = self.env["fba.amazon.order"]._read_group(
            [
                ("account_id", "=", self.id),
                ("state", "=", "done"),
                ("is_tracked", "=", False),
                ("amazon_updated_at", ">", fields.Datetime.now() - LONGEST),
            ],
            aggregates=["ordered_at:min", "amazon_updated_at:min"],
        )[0]
        return updated_at and min(updated_at - BEFORE, ordered_at or updated_at)

    def _fetch_tracking(self, gateway):
        report = gateway.get_report(self.tracking_report_id)
        if report.status not in amazon.reports.ENDED:
            return
        if report.status == amazon.reports.DONE and report.document_id:
            with gateway.open_report(report.document_id) as rows:
                if not self._store_tracking(amazon.shipped_items(rows)):
                    return  # the report is read again with the next run
        else:
            _logger.info("FBA account %s: report %s ended as %s", self.id, report.report_id, report.status)
        self.tracking_report_id = False

    def _store_tracking(self, items):
        """Store and apply amazon.ShippedItem from an iterator of any length; commits as it goes, and is safe to repeat.

        Returns whether all of it is settled: False where another worker held some of the orders.
        """
        settled = True
        while part := list(islice(items, ROWS_AT_ONCE)):
            by_order = {}
            for item in part:
                by_order.setdefault(item.order_id, []).append(item)
            reported = [item.merchant_order_id for item in part if item.merchant_order_id]
            self.env["fba.sighting"]._note(self, "reported", reported)
            orders = self.env["fba.amazon.order"].search(
                [("account_id", "=", self.id), ("amazon_order_id", "in", list(by_order)), ("state", "!=", "ignored")]
            )
            failed = []

            def store_and_apply(rows, by_order=by_order):
                news = [item for row in rows for item in by_order[row.amazon_order_id]]
                self.env["fba.shipped.item"]._store(self, news)._apply_tracking()

            def note(row, error, failed=failed):
                failed.append(row.id)
                row._note_tracking_failure(reason_of(error))

            done = self._for_each("import", orders, store_and_apply, at_once=ROWS_AT_ONCE, note=note, to_the_end=True)
            settled = settled and set(orders.ids) == {*done.ids, *failed}
        return settled
