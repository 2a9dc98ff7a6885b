"""Reading Amazon's counts of an AFN warehouse: a list, and questions for what it leaves out.

Amazon's lists leave SKUs out at times, without a sign. A SKU that is missing is asked for by name before it counts as
zero, and so are those whose difference waits for a later observation.
"""

import logging

from odoo import fields, models
from odoo.exceptions import UserError

from ... import amazon
from ...utc import aware
from ..account.fba_account_runs import OVERLAP
from ..shared.groups import INTERNAL
from ..shared.sentence import SentenceField, say, words
from .balance import MISSING_FOR
from .sentences import SENTENCES

_logger = logging.getLogger(__name__)

SHORT_LIST = 0.75  # of the last one: below that it is asked for again


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"
    _sentences = SENTENCES

    fba_sku_part_ids = fields.One2many("fba.sku.part", "warehouse_id", readonly=True, groups=INTERNAL)
    fba_discrepancy_ids = fields.One2many("fba.discrepancy", "warehouse_id", readonly=True, groups=INTERNAL)
    fba_inventory_cursor = fields.Datetime(
        readonly=True, copy=False, help="Odoo has Amazon's counts up to this time.", groups=INTERNAL
    )
    fba_inventory_full_at = fields.Datetime(
        readonly=True, copy=False, help="Time of Amazon's last full list.", groups=INTERNAL
    )
    fba_listed_count = fields.Integer(
        readonly=True, copy=False, help="Seller SKUs in Amazon's last full list.", groups=INTERNAL
    )
    fba_short_list = fields.Json(
        readonly=True,
        copy=False,
        help="SKUs that the last full list named, and the one before.",
        groups=INTERNAL,
    )
    fba_sync_message = SentenceField("Synchronization", readonly=True, copy=False, groups=INTERNAL)

    def _fba_read_counts(self, gateway, *, full):
        """Mirror Amazon's counts: the changes, or a `full` list. Returns {SKU or internal reference: when it was asked
        for by name} of those that the list left out; None where Amazon was not asked at all.

        Raises amazon.AmazonError, and UserError where Odoo's time does not suffice for the list.
        """
        self.ensure_one()
        Sku, asked_at = self.env["fba.sku"].sudo(), fields.Datetime.now()
        full = full or not self.fba_inventory_cursor
        since = None if full else aware(self.fba_inventory_cursor - OVERLAP)
        summaries = self._fba_list_counts(gateway, since)
        values = {"fba_inventory_cursor": asked_at}
        if full:
            summaries, values["fba_short_list"] = self._fba_complete_list(gateway, summaries)
        Sku._mirror(self, summaries, asked_at)
        named = {row.seller_sku for row in summaries}
        asked, answered, is_whole = self._fba_ask_by_name(gateway, self._fba_skus_to_ask(named, full=full), full=full)
        if full:
            values["fba_listed_count"] = len(named | answered)
        if full or not is_whole:  # where questions stay open, the next list is a full one
            values["fba_inventory_full_at"] = is_whole and asked_at
        short = values.get("fba_short_list", self.fba_short_list)
        values["fba_sync_message"] = say("short_list", **short) if short else False
        rows = Sku.search([("warehouse_id", "=", self.id)])
        if not full:  # the others are what they were; a bill of materials may change any day
            rows = rows.filtered(
                lambda row: row.seller_sku in named or row.resolution not in ("product", "pack") or not row.is_confirmed
            )
        rows._find_products()
        self.sudo().write(values)
        return asked

    def _fba_complete_list(self, gateway, summaries):
        """(rows of a full list, read again if it is short; what to say of it: {"listed", "before": SKUs} or False)."""
        if not self._fba_is_short(summaries):
            return summaries, False
        once = {row.seller_sku for row in summaries}
        try:
            again = self._fba_list_counts(gateway, None)
        except (amazon.DeadlineReached, UserError):  # no time: the others are asked for by name
            again = []
        summaries = summaries + [row for row in again if row.seller_sku not in once]
        if not self._fba_is_short(summaries):
            return summaries, False
        return summaries, {"listed": len({row.seller_sku for row in summaries}), "before": self.fba_listed_count}

    def _fba_is_short(self, summaries):
        """Whether a full list names much fewer SKUs than the last one."""
        return len({row.seller_sku for row in summaries}) < SHORT_LIST * self.fba_listed_count

    def _fba_list_counts(self, gateway, since):
        # All of it before the database is touched: a page token lives half a minute.
        summaries = []
        try:
            for summary in gateway.get_inventory(self.fba_marketplace_id.marketplace_id, changed_since=since):
                summaries.append(summary)
        except amazon.DeadlineReached:
            if not summaries:
                raise
            raise UserError(words(self, "no_time", count=len(summaries), account=self.fba_account_id.name)) from None
        return summaries

    # === QUESTIONS BY NAME === #

    def _fba_skus_to_ask(self, named, *, full):
        """Names of SKUs not `named` by the list: those with units, new ones, and those whose difference waits; also the
        internal references of products here that Amazon does not list."""
        rows = self.env["fba.sku"].sudo().search([("warehouse_id", "=", self.id)])
        waiting = self.sudo().fba_discrepancy_ids.product_id
        pending = (
            rows.filtered(lambda row: row.product_id in waiting)
            | rows.part_ids.filtered(lambda part: part.product_id in waiting).sku_id
        )
        doubtful = rows.filtered(
            lambda row: full or row in pending or not row.observed_at or _is_recent(row.missing_since)
        )
        unlisted = self.sudo()._fba_products_here() - rows.product_id - rows.part_ids.product_id
        if not full:
            unlisted &= waiting
        references = [reference for reference in unlisted.mapped("default_code") if reference]
        return [sku for sku in dict.fromkeys([*doubtful.mapped("seller_sku"), *references]) if sku not in named]

    def _fba_ask_by_name(self, gateway, seller_skus, *, full):
        """({SKU: when asked}, SKUs that Amazon named, whether all is clear).

        After a `full` list that does not name them either, Amazon has no units of the others; else their silence proves
        nothing, and they wait for a full list. A question that Amazon refuses, or has no time for, stays open.
        """
        Sku, asked, answered, is_whole = self.env["fba.sku"].sudo(), {}, set(), True
        parts = [seller_skus[at : at + amazon.MAX_SKUS] for at in range(0, len(seller_skus), amazon.MAX_SKUS)]
        while parts:
            part, asked_at = parts.pop(0), fields.Datetime.now()
            try:
                summaries = list(gateway.get_inventory(self.fba_marketplace_id.marketplace_id, seller_skus=part))
            except amazon.DeadlineReached:
                is_whole = False
                break
            except amazon.Rejected as error:
                _logger.info("FBA warehouse %s: a question for %s SKUs was refused: %s", self.id, len(part), error)
                if len(part) > 1:
                    parts[:0] = [part[: len(part) // 2], part[len(part) // 2 :]]
                continue
            named = {row.seller_sku for row in summaries}
            answered |= named
            Sku._mirror(self, summaries, asked_at)
            silent = [sku for sku in part if sku not in named]
            if full:
                rows = Sku.search([("warehouse_id", "=", self.id), ("seller_sku", "in", silent)])
                is_whole &= rows._note_missing(asked_at)
                asked.update(dict.fromkeys(part, asked_at))
            elif silent:
                missing = Sku.search_count(
                    [("warehouse_id", "=", self.id), ("seller_sku", "in", silent), ("missing_since", "!=", False)]
                )
                is_whole &= missing == len(silent)
        return asked, answered, is_whole

    # === ANOTHER POOL === #

    def write(self, vals):
        """Counts of another marketplace or account say nothing of this one: a full list comes first."""
        before = {warehouse: warehouse._fba_pool() for warehouse in self}
        result = super().write(vals)
        changed = self.filtered(lambda warehouse: warehouse._fba_pool() != before[warehouse])
        if changed:
            changed.sudo()._fba_forget_counts()
        return result

    def _fba_pool(self):
        return self.fba_account_id, self.fba_marketplace_id

    def _fba_forget_counts(self):
        """The next synchronization reads a full list, and confirms nothing that was seen before."""
        self.fba_discrepancy_ids.unlink()
        self.write(dict.fromkeys(("fba_inventory_cursor", "fba_inventory_full_at", "fba_short_list"), False))
        self.fba_listed_count = 0


def _is_recent(moment):
    return bool(moment) and fields.Datetime.now() - moment < MISSING_FOR
