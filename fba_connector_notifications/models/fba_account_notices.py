"""Each task looks at what notifications name, before or instead of Amazon's lists.

What is found is committed first, then the notices end: one that comes anew meanwhile stays.
"""

from datetime import datetime, timedelta

from odoo import fields, models
from odoo.addons.fba_connector import amazon
from odoo.addons.fba_connector.amazon import notifications
from odoo.addons.fba_connector.models.account.fba_account_runs import CONCURRENCY_ERRORS
from odoo.addons.fba_connector.utc import naive

from .fba_account_polling import TYPE_OF
from .fba_notice import LOOK_AGAIN

CLOCKS = timedelta(minutes=2)  # Amazon's and ours, and its lag


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def _run_task(self, task, *args, **options):
        """A run that was told of while this one had the account found it busy: it is this one's to go on."""
        ends = super()._run_task(task, *args, **options)
        for account, error in ends.items():
            if error is None and task in TYPE_OF and self.env["fba.notice"].sudo()._count_due(account, TYPE_OF[task]):
                account._trigger_again(task, timedelta())
        return ends

    def _due_notices(self, type_):
        """(notices to look at, {ID: how often each was told})."""
        notices = self.env["fba.notice"].sudo()._due(self, type_)
        return notices, {notice.id: notice.told for notice in notices}

    def _settle_notices(self, notices, told, again, task, waiting=()):
        """Commit what was found, then end `notices` but for those of `again`; see `_settle`. `waiting`: others that
        were not looked at, and are due later."""
        self._commit()
        try:
            notices._settle(told, again)
            if waiting:
                waiting.exists().due_at = fields.Datetime.now() + LOOK_AGAIN
            self.env.cr.flush()
        except CONCURRENCY_ERRORS:  # told anew just now
            self.env.cr.rollback()
        if again or waiting:
            self._trigger_again(task, LOOK_AGAIN)
        self._commit()

    # === OWN ORDERS === #

    def _pull_changed_orders(self, gateway):
        self._make_noticed_orders_due()
        return super()._pull_changed_orders(gateway)

    def _make_noticed_orders_due(self):
        """Orders that Amazon names are due, until they show something new."""
        notices, told = self._due_notices(notifications.ORDER_STATUS)
        if not notices:
            return
        named = [*self._followed(), ("name", "in", notices.mapped("key"))]
        orders = {order.name: order for order in self.env["fba.fulfillment.order"].search(named)}
        again = {}
        for notice in notices:
            order = orders.get(notice.key)
            seen = order and order._seen_of_amazon()
            if order and notice.seen in (False, seen) and not _is_later(order.snapshot_at, notice):
                again[notice] = seen
        now = fields.Datetime.now()
        due = self.env["fba.fulfillment.order"].union(*(orders[notice.key] for notice in again))
        try:
            due.filtered(lambda order: not order.due_at or order.due_at > now).due_at = now
            self.env.cr.flush()
        except CONCURRENCY_ERRORS:  # somebody works on one of them: the next run
            self.env.cr.rollback()
            return
        self._settle_notices(notices, told, again, "pull")

    # === ORDERS SOLD ON AMAZON === #

    def _import_parts(self):
        """Many are left to Amazon's list, which is read then."""
        few = [] if self._has_many_notices("import") else [self._look_at_sold_orders]
        return [*few, *super()._import_parts()]

    def _look_at_sold_orders(self, gateway):
        """Into the inbox, each by itself. Raises AmazonError where Amazon can be asked no more."""
        notices, told = self._due_notices(notifications.SOLD_ORDER)
        names = [("account_id", "=", self.id), ("amazon_order_id", "in", notices.mapped("key"))]
        rows = self.env["fba.amazon.order"].search(names)
        known = {row.amazon_order_id: row.amazon_updated_at for row in rows}
        raws, again, looked, stopped = [], {}, notices.browse(), None
        for notice in notices:
            try:
                if not _is_later(known.get(notice.key), notice):
                    raw = gateway.get_order(notice.key, self.buyer_data)
                    raws.append(raw)
                    if raw.updated_at and naive(raw.updated_at) < notice.event_at - CLOCKS:
                        again[notice] = False
            except (amazon.KeysRefused, amazon.Throttled, amazon.Unavailable) as error:
                stopped = error
                break
            except amazon.AmazonError:  # of this order alone
                again[notice] = False
            looked |= notice
        here = self.marketplace_ids.mapped("marketplace_id")
        self.env["fba.amazon.order"]._stage(self, [raw for raw in raws if raw.marketplace_id in here])
        if looked:
            self._settle_notices(looked, told, again, "import")
        if stopped:
            raise stopped

    def _stage_changed_orders(self, gateway):
        """A complete search has shown what was told before its time; what is younger waits for another."""
        done = super()._stage_changed_orders(gateway)
        notices, told = self._due_notices(notifications.SOLD_ORDER)
        if notices and not self.import_page_token and self.import_cursor:
            shown = notices.filtered(lambda notice: notice.event_at <= self.import_cursor - CLOCKS)
            self._settle_notices(shown, told, {}, "import", waiting=notices - shown)
        return done

    # === STOCK === #

    def _sync_counted_inventory(self, gateway):
        notices, told = self._due_notices(notifications.STOCK)
        polls = self._may_poll("inventory")
        account = self.with_context(fba_polls=polls, fba_named=() if polls else tuple(notices.mapped("key")))
        done = super(FbaAccount, account)._sync_counted_inventory(gateway)
        if notices:
            self._settle_notices(notices, told, dict.fromkeys(self._uncounted(notices), False), "inventory")
        return done

    def _uncounted(self, notices):
        """Those of `notices` whose SKU was not counted since, in each AFN warehouse."""
        here = [("warehouse_id", "in", self._afn_warehouses().ids), ("seller_sku", "in", notices.mapped("key"))]
        rows = self.env["fba.sku"].sudo().search(here).grouped("seller_sku")
        counted = {sku: min(its.mapped("observed_at"), key=lambda at: at or datetime.min) for sku, its in rows.items()}
        return notices.filtered(lambda notice: not _is_later(counted.get(notice.key), notice))


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _seen_of_amazon(self):
        """What Odoo has read of this order at Amazon, as a text that changes with it."""
        parcels = self.shipment_ids.package_ids.sorted("id")
        shipments = [f"{it.amazon_shipment_id}={it.status}" for it in self.shipment_ids.sorted("id")]
        return " ".join([self.amazon_status or "-", *shipments, *(it.tracking_number or "-" for it in parcels)])


def _is_later(moment, notice):
    """Whether what Odoo has read is of a time after the change, clocks and Amazon's lag considered."""
    return bool(moment) and moment > notice.event_at + CLOCKS
