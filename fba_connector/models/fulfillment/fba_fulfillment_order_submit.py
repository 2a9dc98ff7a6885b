"""Submits a fulfillment order, by hand or automatically: reasons against sending, the queue, the progress."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..shared.fba_fulfillment_options import FEATURES, LIMITS
from ..shared.groups import USER
from ..shared.sentence import words
from .fba_fulfillment_order import NO_FAILURE
from .states import NOT_SUBMITTED

LOOKED_AT = 500  # orders; about 0.1 s


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    reason_it_stays = fields.Char(
        compute="_compute_reason_it_stays",
        exportable=False,
        help="Why an order that is Ready to Process will not be sent, as long as nobody changes something.",
    )

    # === REASONS AGAINST SENDING === #

    def _reason_not_to_send(self):
        """Why this order cannot be sent, for the clerk; False when it can."""
        self.ensure_one()
        if self.state != "ready":
            labels = dict(self._fields["state"]._description_selection(self.env))
            return self.env._("%(order)s is %(state)s.", order=self.sale_id.name, state=labels[self.state])
        if self.account_id.paused:
            return words(self, "paused", account=self.account_id.name)
        return self._reason_not_to_queue()

    def _compute_reason_it_stays(self):
        for order in self:
            order.reason_it_stays = order.state == "ready" and order.sudo()._reason_not_to_send()

    def _reason_not_to_queue(self):
        """Why this ready order must not be sent, now or later; False when it may be."""
        if reason := self.warehouse_id._fba_reason_closed():
            return reason
        return self._reason_not_served() or self._incomplete_reason()

    def _reason_not_served(self):
        """Why this order's warehouse does not serve its address, for the clerk; False where it does."""
        country = self.partner_shipping_id.country_id
        if not country or self.warehouse_id._fba_that_serve(country):
            return False
        return words(
            self, "not_served", warehouse=self.warehouse_id.name, country=country.code, order=self.sale_id.name
        )

    def _incomplete_reason(self):
        """A certain rejection by Amazon, found before sending; False if there is none."""
        self.ensure_one()
        if reason := self._address_reason():
            return reason
        for line in self.line_ids:
            if not line.seller_sku:
                return self.env["fba.sku"]._no_offer_reason(self.warehouse_id, line.product_id)
            if not line._is_whole():
                return line._fraction_reason()
        market = self.warehouse_id.fba_marketplace_id
        for name in FEATURES:
            if self[name] and not market[f"has_{name}"]:
                return words(self, "no_such_option", market=market.name, option=name, order=self.name)
        if len(self.line_ids) > LIMITS.lines or self.unit_count > LIMITS.units:
            return words(self, "too_large", order=self.sale_id.name, lines=LIMITS.lines, units=LIMITS.units)
        return False

    def _address_reason(self):
        """What the delivery address lacks for Amazon, or has too much of; False if nothing."""
        address = self.partner_shipping_id._fba_address()
        needed = {
            "name": address.name,
            "street": address.line1,
            "city": address.city or address.country_code == "JP",
            "postal_code": address.postal_code,
            "country": address.country_code,
        }
        if missing := [part for part, value in needed.items() if not value]:
            return words(self, "address_incomplete", order=self.sale_id.name, parts=missing)
        lines = (address.line1, address.line2, address.line3)
        limited = [
            ("name", address.name, LIMITS.address_name_length),
            *(("street", line, LIMITS.address_line_length) for line in lines),
            ("city", address.city, LIMITS.city_length),
            ("postal_code", address.postal_code, LIMITS.postal_code_length),
            ("phone", address.phone, LIMITS.phone_length),
        ]
        if too_long := {part: longest for part, value, longest in limited if len(value or "") > longest}:
            return words(self, "address_too_long", order=self.sale_id.name, parts=list(too_long.items()))
        return False

    # === SUBMITTING === #

    def action_submit(self, above_fee_limit=False):
        """Queue for sending; the scheduled action sends immediately. Raises UserError naming the orders that cannot be
        sent.

        A fee that is unknown or above the account's limit needs explicit consent: `above_fee_limit`.
        """
        self._check_may_send()
        self._choose_skus()
        reasons = [order._reason_not_to_send() for order in self]
        if not above_fee_limit:
            reasons += [order._reason_too_expensive() for order in self]
        if reasons := list(filter(None, reasons)):
            raise UserError("\n".join(reasons))
        self._queue()
        return True

    def _submit_automatically(self):
        """Queue orders that became ready, where the account says so; the others show why not and are left to a person.

        Also while the account is paused: they are sent once the account is resumed.
        """
        orders = self.filtered(
            lambda order: (
                order.state == "ready" and order.account_id.auto_submit and not order.sale_id.fba_cancel_pending
            )
        )
        orders._choose_skus()
        for order in orders.filtered(lambda order: order.state == "ready"):
            if reason := order._reason_not_to_queue() or order._reason_beyond_ordered():
                order.write({"error_code": NOT_SUBMITTED, "error_message": reason})
            else:
                order._queue()
                order.fee_is_to_check = True

    def _reason_beyond_ordered(self):
        """Automation sends no more than was ordered, such as a copied delivery; False if it does not."""
        for line in self.line_ids:
            sold = line.sale_line_id
            if not sold or line.product_id.uom_id.compare(sold._fba_missing(), 0) < 0:
                product = line.product_id.display_name
                return words(self, "beyond_ordered", product=product, order=self.sale_id.name)
        return False

    def action_open_submit_wizard(self):
        """Confirmation before sending: how many orders, and which are skipped and why."""
        return self._open_submit_wizard(self.ids, "selected")

    def action_fulfill_all_available(self):
        """Confirmation before sending all ready orders: of the user's companies, or of the list's filter."""
        orders = self.search(self._available(self.env.context.get("active_domain")))
        narrowed = len(orders) != self.search_count(self._available())
        return self._open_submit_wizard(orders.ids, "filter" if narrowed else "all")

    def _available(self, shown=None):
        """Domain of the ready orders of the user's companies, within the list's filter `shown`."""
        ready = Domain("state", "=", "ready") & Domain("company_id", "in", self.env.companies.ids)
        return ready & Domain(shown or Domain.TRUE)

    def _count_available(self, shown=None):
        """(how many orders *Fulfill All Available* offers, {order: why it would not be sent}) of as many as can be
        looked at while one waits."""
        orders = self.search(self._available(shown), limit=LOOKED_AT + 1)
        stay = {order: reason for order in orders[:LOOKED_AT] if (reason := order.reason_it_stays)}
        count = len(orders) if len(orders) <= LOOKED_AT else self.search_count(self._available(shown))
        return count - len(stay), stay

    def _open_submit_wizard(self, ids, scope):
        self._check_may_send()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send to Amazon"),
            "res_model": "fba.submit.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_ids": ids, "default_scope": scope},
        }

    @api.model
    @api.readonly
    def get_progress(self, since=False):
        """Progress of the sending, for the line above the manager: orders queued `since` (or, where that is empty,
        since the oldest unsent order of the last hour was queued) in the user's companies: {since, total, waiting,
        sent, rejected}. Orders cancelled meanwhile do not count."""
        self.check_access("read")
        try:
            since = fields.Datetime.to_datetime(since)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Not a valid date and time: %s", since)) from error
        paused = self.env["fba.account"].sudo().search([("paused", "=", True)])
        ours = [("company_id", "in", self.env.companies.ids), ("account_id", "not in", paused.ids)]
        if not since:
            recent = fields.Datetime.now() - timedelta(hours=1)
            pending = [*ours, ("state", "in", ("queued", "submitting")), ("queued_at", ">=", recent)]
            since = self.search(pending, order="queued_at", limit=1).queued_at
        if not since:
            return {"since": False, "total": 0, "waiting": 0, "sent": 0, "rejected": 0}
        counts = dict(self._read_group([*ours, ("queued_at", ">=", since)], ["state"], ["__count"]))
        waiting, sent, rejected = (
            sum(counts.get(state, 0) for state in states)
            for states in (("queued", "submitting"), ("in_shipping", "shipped"), ("exception", "ready", "waiting"))
        )
        return {
            "since": fields.Datetime.to_string(since),
            "total": waiting + sent + rejected,
            "waiting": waiting,
            "sent": sent,
            "rejected": rejected,
        }

    def action_retry(self):
        """Send rejected orders again, once they are fixed: Amazon never took the id."""
        self._check_may_send()
        for order in self:
            if not order.can_retry:
                raise UserError(self.env._("%s cannot be sent again.", order.name))
            order._check_may_dismiss_twins()
            order._choose_skus()
            if reason := order._incomplete_reason() or order._reason_not_to_retry():
                raise UserError(reason)
        unclear = self.sudo().filtered("at_amazon")
        unclear._move_to("submitting", first_sent_at=fields.Datetime.now(), send_count=0, lookup_misses=0)
        (self - unclear)._queue()
        unclear._trigger_push()
        return True

    def _reason_not_to_retry(self):
        """A change since the first sending that prevents sending again; False if there is none."""
        if self.at_amazon:
            return False
        if self._lacks_stock():
            if not self._may("wait"):
                return self.env._(
                    "The stock of %(order)s is no longer reserved. Release it on the Sourcing tab of %(order)s.",
                    order=self.sale_id.name,
                )
            return self.env._(
                "The stock of %(order)s is no longer reserved. Press Wait for Stock on the fulfillment order to let it "
                "wait for its stock again, or release it on the Sourcing tab of %(order)s.",
                order=self.sale_id.name,
            )
        # The price was agreed to with the first sending, unless it is another one now.
        return self._terms() != self.queued_terms and self._reason_too_expensive()

    def _lacks_stock(self):
        """Whether a delivery of this order is no longer reserved."""
        return any(move.state != "assigned" for move in self.line_ids._open_moves())

    def action_wait_for_stock(self):
        """Let rejected orders whose stock is no longer reserved wait for it again: they follow their delivery, and are
        ready once it is reserved. Raises AccessError, UserError."""
        self._check_may_send()
        for order in self:
            if not order.can_wait:
                raise UserError(self.env._("%s does not wait for stock.", order.name))
        orders = self.sudo()
        orders._move_to("waiting", error_code=False, error_message=False, due_at=False, **NO_FAILURE)
        orders._end_activity()
        orders._follow_delivery()
        self._announce()
        return True

    def _queue(self):
        fresh = dict.fromkeys(("first_sent_at", "error_code", "error_message", "fee_is_to_check"), False)
        for order in self.sudo():
            order.queued_terms = order._terms()
        self.sudo()._move_to("queued", **fresh, queued_at=fields.Datetime.now(), send_count=0, **NO_FAILURE)
        self._trigger_push()
        self._announce()

    def _after_work(self):
        self._announce()

    def _announce(self):
        """Notify the open screens of FBA Users of a change; they read it themselves."""
        self.env.ref(USER).sudo()._bus_send("fba_connector/changed", {})

    def _trigger_push(self):
        self.sudo().due_at = fields.Datetime.now()
        self.sudo().account_id._trigger_again("push", timedelta())
