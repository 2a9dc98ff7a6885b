"""Polling slows down while notifications are fresh; each task looks at what they name.

They are fresh while the queue is read and no poll finds a change that they did not tell. Once one does, Odoo polls as
without them for a while.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.addons.fba_connector import amazon
from odoo.addons.fba_connector.amazon import notifications
from odoo.addons.fba_connector.models.account.fba_account_runs import CONCURRENCY_ERRORS
from odoo.addons.fba_connector.utc import naive

from .fba_notice import LOOK_AGAIN
from .fba_subscription import TASK_OF

SLOWLY = timedelta(hours=1)
READ_WITHIN = timedelta(minutes=10)  # the queue; else nobody receives
TELLS_WITHIN = timedelta(minutes=10)  # Amazon; a change that polling finds sooner was not missed
CLOCKS = timedelta(minutes=2)  # Amazon's and ours, and its lag
ONE_BY_ONE = 20  # orders; more are read by Amazon's list, 100 to a call

# Task -> Amazon's lists were read up to then.
CURSOR_OF = {"pull": "pull_cursor", "import": "import_cursor", "inventory": "inventory_cursor"}
TYPE_OF = {task: type_ for type_, task in reversed(TASK_OF.items())}


class FbaAccount(models.Model):
    _inherit = "fba.account"

    # === HOW OFTEN AMAZON IS ASKED === #

    def _may_poll(self, task):
        is_recent = self._polled_at(task) and self._polled_at(task) > fields.Datetime.now() - SLOWLY
        if is_recent and self._fresh_subscription(task) and not (task == "import" and self._has_many_notices()):
            return False
        return super()._may_poll(task)

    def _polled_at(self, task):
        return self[CURSOR_OF[task]] if task in CURSOR_OF else False

    def _has_many_notices(self):
        """Whether Amazon's list costs less than asking for each order that was named."""
        return self.env["fba.notice"].sudo()._count_due(self, notifications.SOLD_ORDER) > ONE_BY_ONE

    def _subscription(self, task):
        return self.sudo().subscription_ids.filtered(lambda row: row.type == TYPE_OF.get(task))

    def _fresh_subscription(self, task):
        """The subscription that may stand in for polling of `task`; empty where none may."""
        state = self.sudo().queue_state_id
        is_read = state.read_at and state.read_at > fields.Datetime.now() - READ_WITHIN
        if state.problem_kind or not is_read:
            return self.env["fba.subscription"].sudo()
        return self._subscription(task).filtered(lambda row: row.state == "fresh")

    def _start_now(self, task, *args, **options):
        """Whoever presses the button wants Amazon to be asked: for the changes of the last hours again, if need be."""
        for account in self.sudo() if task in CURSOR_OF else ():
            if account._fresh_subscription(task) and account._polled_at(task):
                account[CURSOR_OF[task]] -= SLOWLY
        return super()._start_now(task, *args, **options)

    def _note_missed(self, task, count):
        if count and (row := self._fresh_subscription(task)):
            row._note_missed(count)

    # === WHAT CAME MEANWHILE === #

    def _run_task(self, task, *args, **options):
        """A run that was told of while this one had the account found it busy: it is this one's to go on."""
        ends = super()._run_task(task, *args, **options)
        for account, error in ends.items():
            if error is None and account._has_due_notices(task):
                account._trigger_again(task, timedelta())
        return ends

    def _has_due_notices(self, task):
        return task in TYPE_OF and bool(self.env["fba.notice"].sudo()._count_due(self, TYPE_OF[task]))

    # === OWN ORDERS === #

    def _pull_changed_orders(self, gateway):
        self._take_notices(notifications.ORDER_STATUS, self._make_orders_due)
        return super()._pull_changed_orders(gateway)

    def _make_orders_due(self, notices):
        """Orders that Amazon names are due, until they show something new."""
        named = [*self._followed(), ("name", "in", notices.mapped("key"))]
        orders = {order.name: order for order in self.env["fba.fulfillment.order"].search(named)}
        done = self.env["fba.notice"]
        for notice in notices:
            order = orders.get(notice.key)
            seen = order and order._seen_of_amazon()
            if not order or (notice.seen and notice.seen != seen) or _is_later(order.snapshot_at, notice):
                done |= notice
            else:
                order.due_at = min(order.due_at or fields.Datetime.now(), fields.Datetime.now())
                notice.seen = seen
        done.unlink()
        left = notices - done
        left._look_again()
        if left:
            self._trigger_again("pull", LOOK_AGAIN)

    def _changes_were_listed(self, orders, summaries):
        super()._changes_were_listed(orders, summaries)
        told_by = fields.Datetime.now() - TELLS_WITHIN
        changed = [naive(summaries[order.name].updated_at) for order in orders if summaries[order.name].updated_at]
        self._note_missed("pull", sum(moment < told_by for moment in changed))

    # === ORDERS SOLD ON AMAZON === #

    def _import_parts(self):
        return [self._look_at_sold_orders, *super()._import_parts()]

    def _look_at_sold_orders(self, gateway):
        self._take_notices(notifications.SOLD_ORDER, lambda notices: self._read_noticed(gateway, notices))

    def _read_noticed(self, gateway, notices):
        """Into the inbox. Many are left to Amazon's list, which this run reads then."""
        if not self.import_orders or len(notices) > ONE_BY_ONE:
            notices.unlink()
            return
        Inbox = self.env["fba.amazon.order"]
        names = [("account_id", "=", self.id), ("amazon_order_id", "in", notices.mapped("key"))]
        known = {row.amazon_order_id: row.amazon_updated_at for row in Inbox.search(names)}
        raws, again = [], self.env["fba.notice"]
        for notice in notices:
            if _is_later(known.get(notice.key), notice):
                continue
            try:
                raw = gateway.get_order(notice.key, self.buyer_data)
            except (amazon.NotFound, amazon.Rejected, amazon.Malformed, amazon.Unavailable):
                again |= notice
                continue
            raws.append(raw)
            if raw.updated_at and naive(raw.updated_at) < notice.event_at - CLOCKS:
                again |= notice
        Inbox._stage(self, raws)
        (notices - again).unlink()
        again._look_again()

    def _orders_were_listed(self, raw_orders):
        super()._orders_were_listed(raw_orders)
        names = [("account_id", "=", self.id), ("amazon_order_id", "in", [raw.order_id for raw in raw_orders])]
        rows = self.env["fba.amazon.order"].search(names)
        known = {row.amazon_order_id: row.amazon_updated_at for row in rows}
        told_by = fields.Datetime.now() - TELLS_WITHIN
        since = self.import_cursor
        moments = {raw.order_id: naive(raw.updated_at) for raw in raw_orders if raw.updated_at}
        self._note_missed(
            "import",
            sum(
                since is not False and since < moment < told_by and not (known.get(name) and known[name] >= moment)
                for name, moment in moments.items()
            ),
        )

    # === STOCK === #

    def _sync_counted_inventory(self, gateway):
        """All warehouses in one way."""
        account = self.with_context(fba_polls=self._may_poll("inventory"))
        return super(FbaAccount, account)._sync_counted_inventory(gateway)

    # === ALL OF THEM === #

    def _take_notices(self, type_, look):
        """`look(notices)` at those that are due, in a transaction; it ends them, or leaves them for later."""
        notices = self.env["fba.notice"].sudo()._due(self, type_)
        if not notices:
            return
        try:
            look(notices)
            self.env.cr.flush()
        except CONCURRENCY_ERRORS:
            self.env.cr.rollback()
        self._commit()


def _is_later(moment, notice):
    """Whether what Odoo has read is of a time after the change, clocks and Amazon's lag considered."""
    return bool(moment) and moment > notice.event_at + CLOCKS


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _seen_of_amazon(self):
        """What Odoo has read of this order at Amazon, as a text that changes with it."""
        parcels = self.shipment_ids.package_ids.sorted("id")
        shipments = [f"{it.amazon_shipment_id}={it.status}" for it in self.shipment_ids.sorted("id")]
        return " ".join([self.amazon_status or "-", *shipments, *(it.tracking_number or "-" for it in parcels)])
