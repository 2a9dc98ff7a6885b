"""Previews and fees of a fulfillment order, and the account's fee limit."""

import hashlib
from collections import deque
from contextlib import closing
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ... import amazon
from ..account.fba_account_runs import reason_of
from ..shared.fba_fulfillment_options import FEATURES
from ..shared.sentence import SentenceField, say, words
from .states import NOT_SUBMITTED

FEW = 10  # orders whose previews a person waits for; those of more arrive while the pop-up is open


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    preview_ids = fields.One2many("fba.preview", "order_id", "Previews", readonly=True)
    previewed_at = fields.Datetime("Previewed", readonly=True, copy=False)
    previewed_for = fields.Char(readonly=True, copy=False, help="Everything that determines the fee, except the speed.")
    preview_is_due = fields.Boolean(readonly=True, copy=False, help="A user has requested a preview.")
    preview_error = SentenceField(readonly=True, copy=False, help="Reason why Amazon returned no preview.")
    estimated_fee = fields.Monetary(
        compute="_compute_estimated_fee", store=True, copy=False, currency_field="fee_currency_id", aggregator="sum"
    )
    fee_currency_id = fields.Many2one("res.currency", compute="_compute_estimated_fee", store=True, copy=False)
    fee_is_to_check = fields.Boolean(
        readonly=True, copy=False, help="Odoo sends the order only if its fee is known and within the limit."
    )

    _preview_due_index = models.Index("(account_id) WHERE preview_is_due IS TRUE")

    @api.depends(
        "preview_ids.total",
        "shipping_speed",
        "previewed_for",
        "line_ids.quantity",
        "line_ids.seller_sku",
        "partner_shipping_id",
        *FEATURES,
    )
    def _compute_estimated_fee(self):
        """The fee at the order's own speed; none if it is unknown or the order has changed since."""
        for order in self:
            own = order.preview_ids.filtered_domain([("shipping_speed", "=", order.shipping_speed)])[:1]
            current = order._preview_is_current()
            order.fee_currency_id = own.currency_id if current else False
            order.estimated_fee = own.total if current else 0.0

    def _fee_terms(self):
        """Everything that determines Amazon's fee besides the speed, in a form to compare."""
        address = self.partner_shipping_id
        terms = [(line.id, line.quantity, line.seller_sku) for line in self.line_ids.sorted("id")]
        place = [address.street, address.street2, address.zip, address.city, address.state_id.id, address.country_id.id]
        return hashlib.sha256(repr((terms, place, self._features())).encode()).hexdigest()

    def _preview_is_current(self):
        """Whether the kept previews are of this order as it is: contents, address and options have not changed."""
        return self.at_amazon or self.previewed_for == self._fee_terms()

    # === ASKING AMAZON === #

    def action_preview(self):
        """Ask Amazon for cost and arrival of these orders at each speed, and show them in a pop-up.

        The first FEW while the person waits, as far as Amazon answers; the scheduled action gets the others, and the
        pop-up shows them as they arrive. Raises UserError where none of them can be previewed.
        """
        self._check_may_send()
        self._choose_skus()
        orders = self.filtered(lambda order: order._is_ours())
        reasons = {order: order._reason_not_to_preview() for order in orders}
        askable = orders.filtered(lambda order: not reasons[order]).sudo()
        if not askable:
            raise UserError(
                "\n".join(filter(None, reasons.values()))
                or self.env._("Only orders that have not been sent yet can be previewed.")
            )
        for order in (orders - askable).sudo():
            order.preview_error = reasons[order]
        askable.write({"preview_is_due": True, "preview_error": False})
        # Where others follow anyway, nobody waits for room in Amazon's plan; no scheduled action works for an account
        # that is not live.
        patience = {} if len(askable) <= FEW else {"deadline_s": 0}
        now = askable[:FEW] | askable.filtered(lambda order: not order.account_id._may_work())
        for account, same in now.grouped("account_id").items():
            with account._open_gateway(**patience) as gateway:
                same._ask_for_previews(gateway)
        if due := askable.filtered("preview_is_due"):
            due.account_id._trigger_again("push", timedelta())
        wizard = self.env["fba.preview.wizard"].create({"order_ids": [Command.set(orders.ids)]})
        return self.env["fba.preview"]._show_in(wizard)

    def _reason_not_to_preview(self):
        if self.account_id.paused or not self.account_id.active:
            return words(self, "paused_or_archived", account=self.account_id.name)
        return self._incomplete_reason()

    def _ask_for_previews(self, gateway):
        """Request all of these previews, a few at a time, until the gateway's time is up: the others stay due."""
        with closing(self._preview_ahead(gateway)) as answers:
            for order, (terms, answer) in zip(self, answers, strict=True):
                if isinstance(answer, amazon.Throttled):
                    return
                if isinstance(answer, Exception) and not isinstance(answer, amazon.AmazonError):
                    raise answer
                order._store_preview(answer, terms)

    def _preview_ahead(self, gateway):
        """(_fee_terms when asked, amazon.Previews or error) for each order in turn; a few requests run at a time."""
        asked = deque()

        def requests():
            for order in self:
                try:
                    request = order._prepare_preview_request()
                    asked.append((order._fee_terms(), None))
                except Exception as error:  # this order's failure, not that of the ones asked for beside it
                    asked.append((None, error))
                    continue
                yield request

        for _request, answer in gateway.preview_fulfillments(requests()):
            while asked[0][1]:
                yield asked.popleft()
            yield asked.popleft()[0], answer
        yield from asked

    def _prepare_preview_request(self):
        """This order as the gateway previews it, at every speed."""
        return amazon.PreviewOrder(
            order_id=self.name,
            address=self.partner_shipping_id._fba_address(),
            items=self._prepare_items(),
            marketplace_id=self.warehouse_id.fba_marketplace_id.marketplace_id,
            features=self._features(),
        )

    def _store_preview(self, answer, terms=None):
        """Replace the kept previews by Amazon's answer (amazon.Preview for each speed, or the error).

        `terms`: the _fee_terms asked with, if the order may have changed since.
        """
        values = {"preview_is_due": False, "preview_error": False}
        if isinstance(answer, amazon.AmazonError):
            values["preview_error"] = say("no_preview", order=self.sale_id.name, reason=reason_of(answer))
        else:
            self.preview_ids.unlink()
            # This add-on sends no orders with cash on delivery.
            previews = [preview for preview in answer if not preview.is_cod]
            names = [preview.total.currency for preview in previews if preview.total]
            rows = self.env["res.currency"].with_context(active_test=False).search([("name", "in", names)])
            currencies = {row.name: row for row in rows}
            skus = {line.item_id: line.seller_sku for line in self.line_ids}
            prepare = self.env["fba.preview"]._prepare
            values |= {
                "previewed_at": fields.Datetime.now(),
                "previewed_for": terms or self._fee_terms(),
                "preview_ids": [
                    Command.create(prepare(number, preview, currencies, skus))
                    for number, preview in enumerate(previews)
                ],
            }
        self.write(values)

    def _preview_in_background(self, terms, answer):
        """For the scheduled action: keep the preview of one order (see _preview_ahead) that a person requested."""
        order = self.try_lock_for_update(allow_referencing=True)
        if order.preview_is_due and order._is_ours():
            kept = isinstance(answer, amazon.AmazonError) and not isinstance(
                answer, (amazon.AuthenticationFailed, amazon.Throttled)
            )
            if isinstance(answer, Exception) and not kept:
                raise answer
            order._store_preview(answer, terms)
        elif order:
            order.preview_is_due = False

    def _note_failure(self, reason):
        """A preview that failed is not requested again until a person does; its error stands beside the others."""
        if self.preview_is_due and self.state in ("waiting", "ready"):
            return self.write({"preview_is_due": False, "preview_error": reason})
        return super()._note_failure(reason)

    def _ask_for_preview(self, gateway):
        """The answer or the error; raises errors that concern the whole account."""
        try:
            return gateway.preview_fulfillment(self._prepare_preview_request())
        except (amazon.AuthenticationFailed, amazon.Throttled):
            raise
        except amazon.AmazonError as error:
            return error

    # === THE LIMIT === #

    def _is_fee_asked_for(self):
        """Whether Amazon has to name this order's fee before it may be sent."""
        return self.fee_is_to_check and bool(self.account_id.fee_limit)

    def _may_cost(self, gateway):
        """Whether this queued order's fee is within the limit; else it goes back to the clerk, with the reason.

        An unknown fee is not within the limit. Amazon's answer is committed: it is not asked for twice.
        """
        self.ensure_one()
        reason, asked = self._incomplete_reason(), self._is_fee_asked_for()
        if not reason and asked:
            try:
                answer = self._ask_for_preview(gateway)
            except amazon.Throttled as error:
                # Only this order waits: Amazon may have room for orders that need no preview.
                self.due_at = fields.Datetime.now() + timedelta(seconds=error.retry_after)
                self.account_id._trigger_again("push", timedelta(seconds=error.retry_after))
                return False
            if isinstance(answer, amazon.Unavailable):
                raise answer  # asked again with the next run
            self._store_preview(answer)
            reason = self.preview_error or self._reason_too_expensive()
        self.fee_is_to_check = False
        if reason:
            self._move_to("ready", due_at=False, error_code=NOT_SUBMITTED, error_message=reason)
        if asked:
            self.account_id._commit()
        return not reason

    def _reason_too_expensive(self):
        """Why the account's fee limit prevents automatic sending of this order; False where it does not."""
        account, sale = self.account_id, self.sale_id
        if not account.fee_limit:
            return False
        if not self.fee_currency_id or self.previewed_for != self._fee_terms():
            return words(self, "fee_unknown", order=sale.name)
        today = fields.Date.context_today(self)
        if account.fee_limit_type == "percent":
            currency, limit = sale.currency_id, sale.amount_total * account.fee_limit / 100
        else:
            currency, limit = account.company_id.currency_id, account.fee_limit
        if self.fee_currency_id != currency:
            both = (self.fee_currency_id | currency) - account.company_id.currency_id
            rates = self.env["res.currency"]._fba_rates(account.company_id, [(one, today) for one in both])
            if lacking := next((one for one in both if (one, today) not in rates), None):
                return words(self, "fee_without_rate", order=sale.name, currency=lacking.name)
        fee = self.fee_currency_id._convert(self.estimated_fee, currency, account.company_id, today)
        if currency.compare_amounts(fee, limit) <= 0:
            return False
        fee_text = f"{self.fee_currency_id.name} {self.estimated_fee:.2f}"
        percent = account.fee_limit if account.fee_limit_type == "percent" else None
        return words(self, "fee_too_high", fee=fee_text, percent=percent, limit=f"{currency.name} {limit:.2f}")
