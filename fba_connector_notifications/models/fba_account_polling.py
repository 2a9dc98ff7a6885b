"""Polling slows down while notifications are fresh.

They are fresh while the queue is read and no poll finds a change that they did not tell. Once one does, Odoo polls as
without them for a while.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.addons.fba_connector.models.fulfillment.states import NOT_BEGUN
from odoo.addons.fba_connector.utc import naive

from .fba_subscription import SLOWLY, TASK_OF

NORMALLY = timedelta(minutes=10)
READ_WITHIN = timedelta(minutes=10)  # the queue; else nobody receives
TELLS_WITHIN = timedelta(minutes=10)  # Amazon; a change that polling finds sooner was not missed
ONE_BY_ONE = 20  # orders; more are read by Amazon's list, 100 to a call
BY_NAME = 200  # SKUs; the same

# Task -> Amazon's lists were read up to then.
CURSOR_OF = {"pull": "pull_cursor", "import": "import_cursor", "inventory": "inventory_cursor"}
MOST_OF = {"import": ONE_BY_ONE, "inventory": BY_NAME}
TYPE_OF = {task: type_ for type_, task in reversed(TASK_OF.items())}


class FbaAccount(models.Model):
    _inherit = "fba.account"

    polls_asked_at = fields.Datetime(readonly=True, copy=False, help="Somebody wanted Amazon to be asked.")

    def _may_poll(self, task):
        if self._fresh_subscription(task) and self._was_polled(task) and not self._has_many_notices(task):
            return False
        return super()._may_poll(task)

    def _was_polled(self, task):
        """Whether Amazon's list was read not long ago, and since anybody asked for it."""
        at = self[CURSOR_OF[task]]
        if not at or (self.polls_asked_at and at <= self.polls_asked_at):
            return False
        pause = NORMALLY if self.id in self.env.context.get("fba_need_lists", ()) else SLOWLY
        return abs(fields.Datetime.now() - at) < pause  # a cursor of the future says nothing

    def _has_many_notices(self, task):
        """Whether Amazon's list costs less than asking for each that was named."""
        return task in MOST_OF and self.env["fba.notice"].sudo()._count_due(self, TYPE_OF[task]) > MOST_OF[task]

    def _fresh_subscription(self, task):
        """The subscription that may stand in for polling of `task`; empty where none may."""
        account, state = self.sudo(), self.sudo().queue_state_id
        is_read = state.read_at and state.read_at > fields.Datetime.now() - READ_WITHIN
        if state.problem_kind or not is_read or not account._listening():
            return account.subscription_ids.browse()
        return account.subscription_ids.filtered(lambda row: row.type == TYPE_OF.get(task) and row.state == "fresh")

    def _start_now(self, task, *args, **options):
        """Whoever presses the button wants Amazon to be asked."""
        answer = super()._start_now(task, *args, **options)
        self.sudo().filtered("sqs_queue_url").polls_asked_at = fields.Datetime.now()
        return answer

    def _sync_inventory(self):
        """Where a difference waits, or Amazon has not begun orders of ours, stock depends on how far all else is known:
        their lists are read as without notifications."""
        need = self._listening().filtered(lambda account: account._is_stock_unsettled())
        return super(FbaAccount, self.with_context(fba_need_lists=tuple(need.ids)))._sync_inventory()

    def _is_stock_unsettled(self):
        if self._afn_warehouses().sudo().fba_discrepancy_ids:
            return True
        unbegun = [*self._followed(), ("at_amazon", "=", True), ("amazon_status", "in", NOT_BEGUN)]
        return bool(self.env["fba.fulfillment.order"].search_count(unbegun, limit=1))

    # === WHAT POLLING FINDS === #

    def _note_missed(self, task, moments):
        """Changes that polling alone has found, by the times (naive) of them."""
        told_by = fields.Datetime.now() - TELLS_WITHIN
        count = sum(bool(moment) and moment < told_by for moment in moments)
        if count and (row := self._fresh_subscription(task)):
            row._note_missed(count)

    def _changes_were_listed(self, orders, summaries):
        self._note_missed("pull", [naive(summaries[order.name].updated_at) for order in orders])
        return super()._changes_were_listed(orders, summaries)

    def _orders_were_listed(self, raw_orders):
        sold = {raw.order_id: naive(raw.updated_at) for raw in raw_orders if raw.updated_at and not raw.is_echo}
        names = [("account_id", "=", self.id), ("amazon_order_id", "in", list(sold))]
        known = {row.amazon_order_id: row.amazon_updated_at for row in self.env["fba.amazon.order"].search(names)}
        if self.import_cursor:
            news = [at for name, at in sold.items() if not (known.get(name) and known[name] >= at)]
            self._note_missed("import", [at for at in news if at > self.import_cursor])
        return super()._orders_were_listed(raw_orders)

    def _counts_were_listed(self, warehouse, summaries):
        """Changes of stock that Amazon's list names."""
        names = [("warehouse_id", "=", warehouse.id), ("seller_sku", "in", [it.seller_sku for it in summaries])]
        known = {row.seller_sku: row.fulfillable_quantity for row in self.env["fba.sku"].sudo().search(names)}
        news = [it for it in summaries if it.updated_at and it.fulfillable not in (None, known.get(it.seller_sku))]
        since = warehouse.fba_inventory_cursor
        self._note_missed("inventory", [at for at in (naive(it.updated_at) for it in news) if since and at > since])
