"""Reading Amazon's counts of an AFN warehouse: a list, and questions for what it leaves out.

Amazon's lists leave SKUs out at times, without a sign. A SKU that is missing is asked for by name before it counts as
zero, and so are those whose difference waits for a later observation.
"""

from odoo import fields, models
from odoo.exceptions import UserError

from ... import amazon
from ...utc import aware
from ..account.fba_account_runs import OVERLAP
from ..shared.sentence import SentenceField, say
from .sentences import SENTENCES

SHORT_LIST = 0.75  # of the last one: below that it is asked for again


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"
    _sentences = SENTENCES

    fba_sku_part_ids = fields.One2many("fba.sku.part", "warehouse_id", readonly=True)
    fba_discrepancy_ids = fields.One2many("fba.discrepancy", "warehouse_id", readonly=True)
    fba_inventory_cursor = fields.Datetime(readonly=True, copy=False, help="Odoo has Amazon's counts up to this time.")
    fba_inventory_full_at = fields.Datetime(readonly=True, copy=False, help="Time of Amazon's last full list.")
    fba_listed_count = fields.Integer(readonly=True, copy=False, help="Seller SKUs in Amazon's last full list.")
    fba_sync_message = SentenceField("Synchronization", readonly=True, copy=False)

    def _fba_read_counts(self, gateway, *, full):
        """Mirror Amazon's counts: the changes, or a `full` list. Returns {SKU or internal reference: when it was asked
        for by name} of those that the list left out.

        Raises amazon.AmazonError, and UserError where Odoo's time does not suffice for the list.
        """
        self.ensure_one()
        Sku, asked_at = self.env["fba.sku"].sudo(), fields.Datetime.now()
        full = full or not self.fba_inventory_cursor
        since = None if full else aware(self.fba_inventory_cursor - OVERLAP)
        summaries = self._fba_list_counts(gateway, since)
        values = {"fba_inventory_cursor": asked_at, "fba_sync_message": False}
        if full and self._fba_is_short(summaries):
            once = {row.seller_sku for row in summaries}
            summaries += [row for row in self._fba_list_counts(gateway, since) if row.seller_sku not in once]
            if self._fba_is_short(summaries):
                listed = len({row.seller_sku for row in summaries})
                values["fba_sync_message"] = say("short_list", listed=listed, before=self.fba_listed_count)
        Sku._mirror(self, summaries, asked_at)
        named = {row.seller_sku for row in summaries}
        asked, answered = self._fba_ask_by_name(gateway, self._fba_skus_to_ask(named, full=full))
        if full:
            values |= {"fba_inventory_full_at": asked_at, "fba_listed_count": len(named | answered)}
        rows = Sku.search([("warehouse_id", "=", self.id)])
        if not full:  # the others are what they were; a bill of materials may change any day
            rows = rows.filtered(
                lambda row: row.seller_sku in named or row.resolution not in ("product", "pack") or not row.is_confirmed
            )
        rows._find_products()
        self.sudo().write(values)
        return asked

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
            raise UserError(
                self.env._(
                    "Amazon returns a hundred SKUs a second, and there was time for %(count)s of account %(account)s. "
                    "For more, raise limit_time_real and limit_time_real_cron in Odoo's configuration.",
                    count=len(summaries),
                    account=self.fba_account_id.name,
                )
            ) from None
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
            lambda row: (
                row in pending or not row.observed_at or (full and (row._has_units() or bool(row.missing_since)))
            )
        )
        unlisted = self.sudo()._fba_products_here() - rows.product_id - rows.part_ids.product_id
        if not full:
            unlisted &= waiting
        references = [reference for reference in unlisted.mapped("default_code") if reference]
        return [sku for sku in dict.fromkeys([*doubtful.mapped("seller_sku"), *references]) if sku not in named]

    def _fba_ask_by_name(self, gateway, seller_skus):
        """({SKU: when asked}, SKUs that Amazon named); it has no units of the others."""
        if not seller_skus:
            return {}, set()
        Sku, asked_at = self.env["fba.sku"].sudo(), fields.Datetime.now()
        summaries = list(gateway.get_inventory_of(self.fba_marketplace_id.marketplace_id, seller_skus))
        answered = {row.seller_sku for row in summaries}
        Sku._mirror(self, summaries, asked_at)
        unknown = [sku for sku in seller_skus if sku not in answered]
        Sku.search([("warehouse_id", "=", self.id), ("seller_sku", "in", unknown)])._note_missing(asked_at)
        return dict.fromkeys(seller_skus, asked_at), answered
