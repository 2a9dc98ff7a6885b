"""Push and pull: scheduled sending and following of fulfillment orders."""

import logging
from contextlib import closing
from datetime import timedelta

from odoo import api, fields, models

from ... import amazon
from ...amazon.outbound import NOTHING_SHIPS
from ...utc import aware, naive
from ..account.access import ACCESS
from ..account.fba_account_runs import OVERLAP
from ..shared.ties import ties_to
from .fba_shipment_mail import NOT_DELIVERED
from .states import ENDED_STATES, FOLLOWED_STATES, OPEN_STATES

_logger = logging.getLogger(__name__)

LIST_IS_OLD = timedelta(minutes=15)

ORDERS_AT_ONCE = 50  # booked in one transaction
MAILS_AT_ONCE = 20  # written in one transaction
PREVIEWS_AT_ONCE = 20  # about ten seconds at Amazon's pace


class FbaAccount(models.Model):
    _inherit = "fba.account"

    auto_submit = fields.Boolean("Send Automatically", help="Orders that are ready are sent without confirmation.")
    fee_limit = fields.Float(help="Orders with a higher fee are not sent automatically; 0: no limit.")
    fee_limit_type = fields.Selection(
        [("amount", "in company currency"), ("percent", "% of order total")],
        default="amount",
        required=True,
    )
    stuck_after_hours = fields.Integer(
        "Start Deadline",
        default=24,
        required=True,
        help="Hours after which Odoo shows an order as delayed if Amazon has received it but not begun to pick it.",
    )
    lookup_delay_minutes = fields.Integer(
        "Check Interval",
        default=5,
        required=True,
        help="Minutes between two checks of an order that Amazon did not confirm, before Odoo sends it again.",
    )
    send_shipment_email = fields.Boolean(
        "Confirm Shipments",
        default=True,
        help="The customer receives an e-mail with the tracking numbers for each shipment.",
    )
    pull_cursor = fields.Datetime(readonly=True, copy=False, help="Odoo has read Amazon's changes up to this time.")
    pull_asked_at = fields.Datetime(readonly=True, copy=False, help="Start of the list in progress.")
    pull_page_token = fields.Char(readonly=True, copy=False, exportable=False, valid_for=ACCESS)
    foreign_order_count = fields.Integer(
        "Created Elsewhere",
        readonly=True,
        copy=False,
        help="Orders that Amazon fulfills for this account, but that Odoo did not create and ignores.",
    )
    _lookup_delay_positive = models.Constraint(
        "CHECK(lookup_delay_minutes >= 1)", "The check interval must be at least one minute."
    )
    _fee_limit_not_negative = models.Constraint("CHECK(fee_limit >= 0)", "The fee limit cannot be negative.")
    _stuck_after_positive = models.Constraint(
        "CHECK(stuck_after_hours >= 1)", "The start deadline must be at least one hour."
    )

    def _ties(self, *, ended=False, marketplaces=None):
        domain = [("account_id", "=", self.id)]
        if not ended:
            domain.append(("state", "in", OPEN_STATES))
        if marketplaces is not None:
            domain.append(("warehouse_id.fba_marketplace_id", "in", marketplaces.ids))
        orders = ties_to(self.env["fba.fulfillment.order"], domain, self.env._("fulfillment orders {names}"))
        return super()._ties(ended=ended, marketplaces=marketplaces) + orders

    @api.model
    def _cron_push_fulfillment_orders(self):
        self._all_active()._dispatch("push")

    def _push_fulfillment_orders(self):
        """Send queued orders, and settle sendings without an answer. Commits as it goes; returns as _run_task."""
        return self._run_task("push", type(self)._push_due_orders)

    # === PUSH === #

    def _push_due_orders(self, gateway):
        """Send Amazon everything that is due, the most urgent first."""
        self._run_parts(gateway, self._push_cancellations, self._push_orders, self._push_previews)

    def _push_cancellations(self, gateway):
        orders = self.env["fba.fulfillment.order"].search(
            [
                ("account_id", "=", self.id),
                ("state", "not in", ENDED_STATES),
                ("cancel_due_at", "<=", fields.Datetime.now()),
                ("cancel_asked_at", "=", False),
            ]
        )
        self._for_each("push", orders, lambda order: order._ask_to_cancel(gateway), gateway=gateway)

    def _push_orders(self, gateway):
        orders = self.env["fba.fulfillment.order"].search(
            [
                ("account_id", "=", self.id),
                ("state", "in", ("queued", "submitting")),
                ("due_at", "<=", fields.Datetime.now()),
            ],
            order="due_at, id",
        )
        if orders and self._list_is_old():
            self._list_changed_orders(gateway)
        at_once = 1  # if Amazon takes nothing now, only this one was asked for
        while orders:
            together = orders._to_be_sent_together(at_once)
            orders -= together
            self._send_together(gateway, together)
            at_once = gateway.creates_at_once()
            if orders and not self._commit():
                self._trigger_again("push", timedelta())
                break

    def _send_together(self, gateway, orders):
        """Lease these orders in one transaction, send them at once, and write what came of it in another."""
        gateway.wait_for_create()  # before anything is locked or leased
        may_ask = gateway if len(orders) == 1 else None  # one by one after a failure, others have their leases
        leases = {}
        leased = self._for_each(
            "push",
            orders,
            lambda part: leases.update(part._lease(may_ask)),
            at_once=len(orders),
            gateway=gateway,
        )
        # What is not committed is not sent.
        sent = leased.filtered(leases.get)
        if not sent:
            return
        answers = gateway.create_fulfillment_orders([leases[order].request for order in sent])
        outcomes, stopped = dict(zip(sent, answers, strict=True)), []
        self._for_each(
            "push",
            sent,
            lambda part: stopped.extend(part._keep_outcomes(outcomes, leases, gateway)),
            at_once=len(sent),
            to_the_end=True,
            gateway=gateway,
        )
        if stopped:  # the account; all outcomes are written
            raise stopped[0]

    def _list_is_old(self):
        """Whether the pull has not read Amazon's list for long: this may be a backup, and Amazon have these orders."""
        return bool(self.pull_cursor) and self.pull_cursor < fields.Datetime.now() - LIST_IS_OLD

    def _push_previews(self, gateway):
        """Several requests at a time, each answer in a transaction of its own: whoever looks sees them arrive."""
        self._preview_orders(
            gateway,
            self.env["fba.fulfillment.order"].search([("account_id", "=", self.id), ("preview_is_due", "=", True)]),
        )

    def _preview_orders(self, gateway, due):
        for first in range(0, len(due), PREVIEWS_AT_ONCE):
            if first:  # what has to be sent meanwhile goes before the next previews
                self._push_cancellations(gateway)
                self._push_orders(gateway)
            orders = due[first : first + PREVIEWS_AT_ONCE]
            with closing(orders._preview_ahead(gateway)) as answers:
                self._for_each(
                    "push", orders, lambda order, of=answers: order._preview_in_background(*next(of)), gateway=gateway
                )
            if not self._commit():
                break

    # === PULL === #

    @api.model
    def _cron_pull_fulfillment_orders(self):
        # Amazon's deadlines pass even while an account may not call.
        for account in self.search([("active", "=", True)]):
            orders = self.env["fba.fulfillment.order"]._to_be_warned_of(account)
            if orders:
                account._for_each("pull", orders, lambda order: order._warn_of_time())
        self._all_active()._dispatch("pull")

    def _pull_fulfillment_orders(self):
        """Follow sent orders: one list of changes, then each changed one. Commits as it goes; returns as _run_task."""
        return self._run_task("pull", type(self)._pull_changed_orders)

    def _pull_changed_orders(self, gateway):
        """Orders on the list become due; then all due orders are read."""
        polling = [self._list_changed_orders] if self.pull_page_token or self._may_poll("pull") else []
        self._run_parts(gateway, *polling, self._read_due_orders, self._mail_shipments)

    def _read_due_orders(self, gateway):
        due = self._orders_to_read()
        while due:
            # Read before the transaction that locks them.
            answers = due[:ORDERS_AT_ONCE]._read_ahead(gateway)
            read = due.filtered(answers.__contains__)
            failed = read.filtered(lambda order, told=answers: isinstance(told[order][0], amazon.AmazonError))
            due -= read
            self._book_answers(gateway, read - failed, answers)
            self._book_answers(gateway, failed, answers, one_by_one=True)
            if due and not self._commit():
                self._trigger_again("pull", timedelta())
                break

    def _orders_to_read(self):
        """Those that are due, the longest waiting first."""
        due = [*self._followed(), ("due_at", "<=", fields.Datetime.now())]
        return self.env["fba.fulfillment.order"].search(due, order="due_at, id")

    def _book_answers(self, gateway, orders, answers, *, one_by_one=False):
        """Apply Amazon's `answers` ({order: (answer, time of the request)}) to these `orders`."""
        self._for_each(
            "pull",
            orders,
            lambda part: part._refresh(answers),
            at_once=1 if one_by_one else ORDERS_AT_ONCE,
            to_the_end=True,  # or these would be read again
            gateway=gateway,
        )

    def _followed(self):
        return [("account_id", "=", self.id), ("state", "in", FOLLOWED_STATES), ("submitted_at", "!=", False)]

    def _list_changed_orders(self, gateway):
        """Each page is committed with the place to continue: after a long pause the list takes several runs."""
        known_until = self.pull_cursor or self.create_date
        if not self.pull_page_token:
            self.pull_asked_at = fields.Datetime.now()
        since, token = aware(known_until - OVERLAP), self.pull_page_token or None
        for page in gateway.list_fulfillment_orders(since, page_token=token):
            summaries = {summary.order_id: summary for summary in page.orders}
            ours = self._see(summaries.values())
            followed = ours.filtered_domain(self._followed())
            changed = [order.id for order in followed if order._differs_from(summaries[order.name])]
            self._changes_were_listed(followed.browse(changed), summaries)
            foreign = summaries.keys() - set(ours.mapped("name"))
            foreign = [summaries[name] for name in foreign if not name.startswith(self._test_order_prefix())]
            self._count_foreign(foreign, known_until)
            self.pull_page_token = page.next_token
            if not page.next_token:
                self.pull_cursor = self.pull_asked_at
            self._set_connection("ok", False, "pull")
            self._commit()

    def _changes_were_listed(self, orders, _summaries):
        """Hook: Amazon's list ({order ID: amazon.OrderSummary}) shows news of these orders."""
        orders.due_at = self.pull_asked_at

    def _see(self, summaries):
        """Sightings of Amazon's list (amazon.OrderSummary); returns the orders that Odoo created."""
        Sighting, keys, dead = self.env["fba.sighting"], {}, []
        for summary in summaries:
            echo = summary.echo
            if summary.status in NOTHING_SHIPS:
                dead.append(summary.order_id)
            elif not summary.order_id.startswith(self._test_order_prefix()):
                known = Sighting._destination_keys(echo.displayable_order_id, echo.postal_code, echo.country_code)
                keys[summary.order_id] = known[0] if known else False
        Sighting._forget_foreign(dead, self)
        return Sighting._note(self, "listed", [summary.order_id for summary in summaries], keys)

    def _count_foreign(self, summaries, since):
        """Orders from elsewhere, such as Seller Central: left alone; each counted once, when Amazon received it."""
        if new := [it for it in summaries if it.received_at and naive(it.received_at) > since]:
            self.foreign_order_count += len(new)
            _logger.info("FBA account %s: %s orders that are not ours", self.id, len(new))

    def _mail_shipments(self, _gateway):
        """Confirm booked shipments, also those of an earlier run or a Refresh."""
        due = self.env["fba.shipment"].search(
            [("mail_stage", "=", "due"), ("fulfillment_order_id.account_id", "=", self.id)]
        )
        if ready := due.filtered(lambda shipment: shipment._mail_is_due()):
            self._for_each("pull", ready, lambda shipments: shipments._send_mails(), at_once=MAILS_AT_ONCE)
            # Within scheduled actions Odoo leaves e-mails to this one, which else runs once an hour.
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        self._follow_mails()

    def _follow_mails(self):
        """Tell salespersons of confirmations that did not reach the customer, or reached them after all."""
        followed = self.env["fba.shipment"].search(
            [
                ("mail_stage", "=", "written"),
                ("fulfillment_order_id.account_id", "=", self.id),
                "|",
                ("mail_failure_told", "=", True),
                ("mail_message_id.notification_ids.notification_status", "in", NOT_DELIVERED),
            ]
        )
        if changed := followed.filtered(lambda it: it.mail_failure_told != (it.mail_state == "failed")):
            self._for_each("pull", changed, lambda shipment: shipment._tell_mail_failure())

    def _test_order_prefix(self):
        """The beginning of the names of this account's test orders, and of no other order."""
        return f"TEST-{self.id}-"

    def _settings_changed(self, before, vals):
        super()._settings_changed(before, vals)
        if "stuck_after_hours" in before:
            waiting = [("account_id", "=", self.id), ("stuck_at", "!=", False)]
            self.env["fba.fulfillment.order"].sudo().search(waiting)._compute_stuck_at()
