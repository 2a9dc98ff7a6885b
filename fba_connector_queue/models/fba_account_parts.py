"""Bulk work as jobs of a hundred records, so that many workers share what one account has to do.

One reader of Amazon for each account and task: what it has read waits in the database, and these jobs apply it. Orders
with a product in common have one job. Only previews are requested by the jobs themselves, within the plan that all
processes share.
"""

import hashlib
from itertools import chain

from odoo import fields, models
from odoo.addons.fba_connector import amazon
from odoo.addons.fba_connector.models.fulfillment.fba_account import ORDERS_AT_ONCE

from .fba_fulfillment_order import READ_AGAIN_AFTER
from .parts import parts
from .queue_job import PART

TASK_OF = {"_apply_in_queue": "pull", "_import_in_queue": "import", "_preview_in_queue": "push"}  # whose part it is
A_JOB = 100  # records
AT_ONCE = 50  # of them in one transaction


def _seller_skus(row):
    """Of an order sold on Amazon; nothing of one that cannot be read."""
    try:
        return {item.seller_sku for item in amazon.parse_order(row.payload).items}
    except amazon.Malformed:
        return ()


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def _parts_at_work(self, method=""):
        """Whether jobs of parts of this account's work (by `method`) are not done yet."""
        return bool(self._parts(method, "pending", "enqueued", "started", limit=1))

    def _parts(self, method, *states, **options):
        key = f"fba.{self.id}{PART}{method}"
        wanted = [("identity_key", "=like", f"{key}%"), ("state", "in", states)]
        return self.env["queue.job"].sudo().search(wanted, **options)

    def _may_share(self):
        return self._is_job() and not self.env.context.get("fba_alone")

    def _are_others(self, method, records, keys_of=None):
        """Whether `records` are too many for this job alone, and left to jobs of `method`; the next ones when those
        are done. `keys_of`: see _share_out."""
        if not self._may_share():
            return False
        are_many = len(records) > A_JOB
        if not self._parts_at_work(method):
            self._share_out(method, records if are_many else records.browse(), keys_of)
        return are_many

    def _share_out(self, method, records, keys_of=None):
        """A job of `method` for each hundred of `records`; those with a key in common, by function `keys_of`, have one
        job. Jobs that failed go again, with their records."""
        self.ensure_one()
        failed = self._parts(method, "failed")
        taken = set(chain.from_iterable(job.args[0] for job in failed))
        failed.requeue()
        rest = records.filtered(lambda record: record.id not in taken)
        for ids in parts({record.id: keys_of(record) if keys_of else () for record in rest}, A_JOB):
            digest = hashlib.sha256(str(ids).encode()).hexdigest()[:16]
            job = self._later(TASK_OF[method], len(ids), identity_key=f"fba.{self.id}{PART}{method}.{digest}")
            getattr(job, method)(ids)
        if failed or rest:
            self._commit()

    # === WHAT AMAZON SHIPPED === #

    def _read_due_orders(self, gateway):
        """Keep what is read, and have it applied by others, where there is more than a batch."""
        try:
            super()._read_due_orders(gateway)
        except amazon.AmazonError:
            self.env.cr.rollback()
            self._share_out_answers()
            raise
        self._share_out_answers()

    def _share_out_answers(self):
        kept = [("account_id", "=", self.id), ("answer_at", "!=", False)]
        if self._may_share() and not self._parts_at_work("_apply_in_queue"):
            orders = self.env["fba.fulfillment.order"].sudo().search(kept)
            self._share_out("_apply_in_queue", orders, lambda order: order.line_ids.product_id.ids)

    def _orders_to_read(self):
        """Without those whose answer waits to be applied."""
        fresh = fields.Datetime.now() - READ_AGAIN_AFTER
        return super()._orders_to_read().filtered(lambda it: not it.sudo().answer_at or it.sudo().answer_at < fresh)

    def _book_answers(self, gateway, orders, answers, *, one_by_one=False):
        if self._may_share() and len(orders) == ORDERS_AT_ONCE and not one_by_one:
            self._for_each(
                "pull", orders, lambda part: part._keep_answers(answers), at_once=ORDERS_AT_ONCE, to_the_end=True
            )
        else:
            super()._book_answers(gateway, orders, answers, one_by_one=one_by_one)

    def _apply_in_queue(self, ids):
        """The job: apply Amazon's answers to these fulfillment orders, and confirm what has shipped."""
        account = self._with_time_limit()
        account._apply_kept([("id", "in", ids)])
        account._mail_shipments(None)

    def _apply_kept(self, which=()):
        kept = [("account_id", "=", self.id), ("answer_at", "!=", False), *which]
        orders = self.env["fba.fulfillment.order"].sudo().search(kept)
        if orders:
            self._for_each("pull", orders, lambda part: part._apply_answers(), at_once=AT_ONCE)

    def _sync_inventory(self):
        return super(FbaAccount, self._alone())._sync_inventory()

    def _run_first_syncs(self):
        return super(FbaAccount, self._alone())._run_first_syncs()

    def _alone(self):
        """These accounts, to compare stock: units that have left, but are not booked yet, would look like a
        difference."""
        accounts = self.with_context(fba_alone=True)
        for account in accounts:
            account._apply_kept()
        return accounts

    # === ORDERS SOLD ON AMAZON === #

    def _book_orders(self, due, **options):
        if not self._are_others("_import_in_queue", due, _seller_skus):
            super()._book_orders(due, **options)

    def _import_in_queue(self, ids):
        """The job: decide on these rows of the inbox."""
        account = self._with_time_limit()
        due = account.env["fba.amazon.order"].browse(ids).exists().filtered("is_due")
        account.with_context(fba_alone=True)._book_orders(due, at_once=AT_ONCE)

    # === PREVIEWS === #

    def _preview_orders(self, gateway, due):
        if not self._are_others("_preview_in_queue", due):
            super()._preview_orders(gateway, due)

    def _preview_in_queue(self, ids):
        """The job: request previews of these fulfillment orders."""
        account = self._with_time_limit().with_context(fba_alone=True)
        due = account.env["fba.fulfillment.order"].browse(ids).exists().filtered("preview_is_due")
        if due and account._may_work():
            patience_s = account._commit()
            account._run_one("push", lambda it, gateway: it._preview_orders(gateway, due), patience_s, "push")
