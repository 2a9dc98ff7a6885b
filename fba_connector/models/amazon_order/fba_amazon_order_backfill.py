"""Orders of the inbox from before the account began to import, which an administrator wants as well."""

from datetime import datetime

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import LockError

from ...amazon.orders import PARTIALLY_SHIPPED, PENDING, PENDING_AVAILABILITY, UNSHIPPED
from ...utc import naive
from ..account.fba_account_runs import reason_of
from ..shared.sentence import say
from .fba_backfill import LATE

STEPS = [("ask", "Amazon is asked about it"), ("book", "To be booked")]
OPEN_STATUSES = (PENDING_AVAILABILITY, PENDING, UNSHIPPED, PARTIALLY_SHIPPED)
MONEY = "proceeds"


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    is_wanted = fields.Boolean(
        "Earlier Order", readonly=True, copy=False, help="Imported although it was ordered before Import From."
    )
    backfill_id = fields.Many2one(
        "fba.backfill", "Import of Earlier Orders", readonly=True, copy=False, ondelete="set null",
        index="btree_not_null",
    )  # fmt: skip
    backfill_step = fields.Selection(
        STEPS, readonly=True, copy=False, help="What its import of earlier orders does next."
    )
    left_at = fields.Datetime(
        "Reported as Shipped", readonly=True, copy=False, help="When its goods left, as Amazon's report tells."
    )

    # Goods in the order in which they left.
    _backfill_index = models.Index(
        "(backfill_id, backfill_step, amazon_updated_at, id) WHERE backfill_step IS NOT NULL"
    )

    @api.model
    def _stage_wanted(self, backfill, raw_orders):
        """Keep orders of `backfill` ([(amazon.RawOrder, step)]) that are not in the inbox yet; those that were too
        early before are booked as they are. Returns (the orders that have a step now, how many others are here).

        Raises LockError where another run keeps the same orders at this moment.
        """
        account = backfill.account_id
        here = self.search(
            [("account_id", "=", account.id), ("amazon_order_id", "in", [raw.order_id for raw, _step in raw_orders])]
        )
        known = set(here.mapped("amazon_order_id"))
        new = {raw.order_id: step for raw, step in raw_orders if raw.order_id not in known}
        try:
            with self.env.cr.savepoint():
                self._stage(account, [raw for raw, _step in raw_orders if raw.order_id in new])
        except psycopg2.errors.UniqueViolation as error:
            raise LockError("Another run keeps the same orders.") from error
        rows = self.search([("account_id", "=", account.id), ("amazon_order_id", "in", list(new))])
        is_earlier = backfill.kind == "earlier"
        early = here.filtered(lambda row: is_earlier and row._was_too_early())
        ordered_at = {raw.order_id: naive(raw.created_at) for raw, _step in raw_orders}
        for step, its in rows.grouped(lambda row: new[row.amazon_order_id]).items():
            its.write({"is_wanted": is_earlier, "backfill_id": backfill.id, "backfill_step": step, "is_due": False})
        for row in rows:
            row.ordered_at = ordered_at[row.amazon_order_id]
        early.write({"is_wanted": True, "backfill_id": backfill.id, "backfill_step": "book"})
        shipped = self.browse() if is_earlier else here._ship_reported(backfill, raw_orders)
        if backfill.way == "report":
            left_at = {raw.order_id: naive(raw.updated_at) for raw, _step in raw_orders}
            for row in rows + early + shipped:
                row.left_at = left_at[row.amazon_order_id]
        return rows + early + shipped, len(here - early - shipped)

    def _ship_reported(self, backfill, raw_orders):
        """Those of these that Amazon's list showed as open, or an earlier report with less, become what the report
        says."""
        reported = {raw.order_id: (raw, step) for raw, step in raw_orders}
        changed = self.browse()
        for row in self.filtered(lambda row: row.state == "pending" and not (row.sale_id or row.booked_at)):
            raw, step = reported[row.amazon_order_id]
            is_open = row.backfill_step or not row.amazon_status or row.amazon_status in OPEN_STATUSES
            if is_open and naive(raw.updated_at) and naive(raw.updated_at) >= (row.amazon_updated_at or datetime.min):
                changed |= row
                row.write(
                    {
                        "payload": raw.payload,
                        "amazon_updated_at": naive(raw.updated_at),
                        "has_personal_data": raw.has_personal_data or row.has_personal_data,
                        "backfill_id": backfill.id,
                        "backfill_step": step,
                        "is_due": False,
                        "error_message": False,
                    }
                )
        return changed

    def _was_too_early(self):
        """Whether it is ignored because it was ordered before the account began to import."""
        unbooked = not (self.sale_id or self.booked_at or self.twin_id or self.is_wanted)
        return (
            unbooked and self.state == "ignored" and self.ordered_at and self.ordered_at < self.account_id.import_from
        )

    def _take_answer(self, raw):
        """Amazon's own answer (amazon.RawOrder) in place of what the report said."""
        payload, has_personal_data = self._kept_of(raw)
        self.write(
            {
                "payload": payload,
                "has_personal_data": has_personal_data,
                "amazon_updated_at": naive(raw.updated_at) or self.amazon_updated_at,
                "backfill_step": "book",
            }
        )

    def _note_unanswered(self, error):
        """Amazon does not tell what the report leaves open: a person decides, and Odoo books no guess."""
        self._settle("error", say("unanswered", reason=reason_of(error)), backfill_step=False)

    def _book_wanted(self):
        """Decide on these, as on orders that have just come."""
        self.write({"backfill_step": False, "is_due": True})
        self._process()

    def _note_wanted_failure(self, reason):
        self.backfill_step = False
        self._note_failure(reason)

    def _left_before_counts(self, orders):
        """Those of `orders` ({sale order: amazon.SoldOrder}) of these rows whose goods Odoo's stock never had: they
        left before it was made equal to Amazon's for the first time, and were not in the inbox then."""
        wanted = {row.amazon_order_id: row for row in self if row.is_wanted}
        shipped_at = self._shipped_at(orders)
        for sale, order in orders.items():
            row = wanted.get(order.order_id)
            if row and not row.left_at:  # the time known is that of a later change, as a refund
                shipped_at[sale] = min(shipped_at[sale], naive(order.created_at) + LATE)
        sales = self.env["sale.order"].union(*(sale for sale, order in orders.items() if order.order_id in wanted))
        early = sales.browse()
        for warehouse, its in sales.grouped("warehouse_id").items():
            counted_from = warehouse._fba_counted_from()
            early |= its.filtered(lambda sale, since=counted_from: shipped_at[sale] < since)
        return early

    def _shipped_at(self, orders):
        """{sale order: when its goods left (naive UTC)} of `orders` ({sale order: amazon.SoldOrder}) of these rows.

        Amazon's list has no such time: without a report it is that of the order's last change, which may be a refund.
        """
        reported = {row.amazon_order_id: row.left_at for row in self}
        return {sale: reported.get(order.order_id) or naive(order.updated_at) for sale, order in orders.items()}


def without_money(payload):
    """An order's JSON by which it cannot be booked: who owes its tax is not known."""
    items = [{key: value for key, value in item.items() if key != MONEY} for item in payload["orderItems"]]
    return {key: value for key, value in payload.items() if key != MONEY} | {"orderItems": items}
