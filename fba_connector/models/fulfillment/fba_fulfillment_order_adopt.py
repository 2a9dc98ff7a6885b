"""Adopts an order that Amazon has and Odoo has not confirmed: the only place that does."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ... import amazon
from ...utc import naive
from ..account.fba_account_runs import reason_of
from ..shared.groups import MANAGER
from ..shared.sentence import in_words, say
from .fba_fulfillment_order import NO_FAILURE
from .fba_sighting import bare
from .states import MISMATCH, TWIN

AGAIN_AFTER = timedelta(hours=1)
SAME_MOMENT = timedelta(minutes=1)  # Amazon cuts fractions, and at times seconds


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    sighting_ids = fields.One2many("fba.sighting", "fulfillment_order_id", "Seen at Amazon", readonly=True)
    can_adopt = fields.Boolean(compute="_compute_can_change")
    sent_facts = fields.Json(
        readonly=True,
        copy=False,
        help="What Amazon repeats of the order, as it was sent; until it is confirmed.",
    )
    twins_dismissed = fields.Boolean(
        "Confirmed as Another Order",
        readonly=True,
        copy=False,
        help="An administrator confirmed that the order with the same number is another one.",
    )

    def _sighted(self, first_time):
        """Amazon shows these orders, some of them for the `first_time` in this way: those that are not confirmed are
        looked up, whatever Odoo thought of them. One that a person has, as it could not be read, not too often."""
        now = fields.Datetime.now()
        unconfirmed = self.filtered(
            lambda order: (
                not order.submitted_at
                and order.error_code != MISMATCH
                and (order.state != "exception" or order in first_time or order.state_since < now - AGAIN_AFTER)
            )
        )
        for order in unconfirmed:
            fresh = {**NO_FAILURE, "lookup_misses": 0}
            order._move_to("submitting", at_amazon=True, due_at=now, first_sent_at=order.first_sent_at or now, **fresh)
        if unconfirmed:
            unconfirmed.account_id._trigger_again("push", timedelta())

    def _sources(self):
        """[(source, first time)] of the sightings, as sentences take them."""
        return [[it.source, fields.Datetime.to_string(it.seen_at)] for it in self.sighting_ids.sorted("seen_at")]

    def _sighted_message(self):
        return say("sighted", name=self.name, sources=self._sources()).in_words(self)

    # === ADOPTING === #

    def _adopt(self, snapshot, asked_at):
        """Take `snapshot` (amazon.FulfillmentOrder) for this order if it is; else an exception with both values."""
        if differences := self._differences(snapshot):
            self._set_exception(
                MISMATCH, say("mismatch", order=self.sale_id.name, name=self.name, differences=differences)
            )
            return
        self._take_over(snapshot, asked_at)

    def _take_over(self, snapshot, asked_at):
        """Amazon's order is this one. Raises UserError where an item of it is none of ours."""
        released = {line: units for line in self.line_ids if (units := line._uncovered()) > 0}
        self._set_accepted("read")
        self._apply_snapshot(snapshot, asked_at)
        if released and not self._has_ended():
            goods = ", ".join(f"{units:g} × {line.seller_sku}" for line, units in released.items())
            self._alert(say("adopted_late", order=self.sale_id.name, name=self.name, units=goods))
            if self.sale_id.state == "cancel":
                self._request_cancel()

    def _differences(self, snapshot):
        """[(fact, in Odoo, at Amazon)] of what Amazon repeats of the order, where both sides know it."""
        request, theirs = self._prepare_create_request(), snapshot.echo
        ours = self.sent_facts or self._facts(request)
        lines = [
            sorted((item.item_id, item.seller_sku, item.quantity) for item in side.items)
            for side in (request, snapshot)
        ]
        facts = [
            ("displayable_order_id", ours["displayable_order_id"], theirs.displayable_order_id, _is_same_text),
            ("displayable_at", ours["displayable_at"], theirs.displayable_at, _is_same_moment),
            ("postal_code", ours["postal_code"], theirs.postal_code, _is_same_postal_code),
            ("country_code", ours["country_code"], theirs.country_code, _is_same_text),
        ]
        differences = [
            [fact, mine, _shown(other)]
            for fact, mine, other, is_same in facts
            if mine and other and not is_same(mine, other)
        ]
        if lines[0] != lines[1]:
            shown = [", ".join(f"{units} × {sku}" for _id, sku, units in side) for side in lines]
            if shown[0] == shown[1]:  # other items of the same goods
                shown = [", ".join(f"{units} × {sku} ({item_id})" for item_id, sku, units in side) for side in lines]
            differences.append(["lines", *shown])
        return differences

    def _facts(self, request):
        """What Amazon will repeat of `request` (amazon.CreateOrder), as JSON: the contact may be another one later."""
        return {
            "displayable_order_id": request.displayable_order_id,
            "displayable_at": fields.Datetime.to_string(naive(request.displayable_at)),
            "postal_code": request.address.postal_code,
            "country_code": request.address.country_code,
        }

    def action_adopt(self):
        """An administrator has compared: Amazon's order of this ID is ours, whatever differs."""
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only FBA Administrators may adopt an order that differs."))
        self.check_access("write")
        for order in self.sudo():
            if not order._may("adopt"):
                raise UserError(self.env._("%s cannot be adopted.", order.name))
            order.account_id._check_may_call()
            asked_at = fields.Datetime.now()
            try:
                with order.account_id._open_gateway() as gateway:
                    snapshot = gateway.get_fulfillment_order(order.name)
            except amazon.AmazonError as error:
                raise UserError(
                    self.env._(
                        "%(id)s could not be read from Amazon: %(reason)s",
                        id=order.name,
                        reason=in_words(self, reason_of(error)),
                    )
                ) from error
            order._check_items(snapshot)
            for item in snapshot.items:  # from now on Amazon's quantities count
                order._line_of(item.item_id).quantity = item.quantity
            user = self.env.user.name
            order._post(lambda env, user=user: env._("%s adopted Amazon's order although it differs.", user))
            order._take_over(snapshot, asked_at)
        return True

    def _check_items(self, snapshot):
        """Raises UserError where Amazon's order has other items: it cannot be followed line by line."""
        ours = {line.item_id for line in self.line_ids}
        if {item.item_id for item in snapshot.items} != ours:
            raise UserError(
                self.env._(
                    "%(id)s has other items at Amazon than in Odoo: it cannot be adopted. Press Not at Amazon, "
                    "release it, and follow Amazon's order in Seller Central.",
                    id=self.name,
                )
            )

    # === TWINS: the same order under another ID, sent before a backup was restored === #

    def _twins(self):
        """Names of orders at Amazon that probably are this one: not from Odoo, with its number and destination; or of
        the same sales order, with units that Odoo had released."""
        request = self._prepare_create_request()
        keys = self.env["fba.sighting"]._destination_keys(
            request.displayable_order_id, request.address.postal_code, request.address.country_code
        )
        foreign = self.env["fba.sighting"].search(
            [("account_id", "=", self.account_id.id), ("destination_key", "in", keys)]
        )
        siblings = self.sale_id.fba_fulfillment_order_ids.filtered(
            lambda order: (
                order != self
                and order.at_amazon
                and not order._has_ended()
                and any(
                    line._uncovered() > 0 and line.sale_line_id in self.line_ids.sale_line_id for line in order.line_ids
                )
            )
        )
        return sorted({*foreign.mapped("order_name"), *siblings.mapped("name")})

    def _is_held_for_twin(self):
        """Whether this first sending stops, as Amazon seems to have the same order under another ID."""
        if self.at_amazon or self.twins_dismissed or not (names := self._twins()):
            return False
        self._set_exception(TWIN, say("twin", order=self.sale_id.name, names=names))
        return True

    def _check_may_dismiss_twins(self):
        """An administrator who sends it nevertheless says that Amazon's order is another one. Raises AccessError."""
        if self.error_code != TWIN:
            return
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(
                self.env._("Amazon probably has %s already: only FBA Administrators may send it.", self.sale_id.name)
            )
        self.sudo().twins_dismissed = True


def _shown(value):
    return value if isinstance(value, str) else fields.Datetime.to_string(naive(value))


def _is_same_text(ours, theirs):
    return bare(ours) == bare(theirs)


def _is_same_moment(ours, theirs):
    """Amazon may keep the date alone."""
    ours, theirs = fields.Datetime.to_datetime(ours), naive(theirs)
    is_date = (theirs.hour, theirs.minute, theirs.second) == (0, 0, 0)
    return abs(ours - theirs) <= SAME_MOMENT or (is_date and abs(ours - theirs) < timedelta(days=1))


def _is_same_postal_code(ours, theirs):
    """With or without the last part, as the ZIP+4 of the United States."""
    ours, theirs = sorted((bare(ours), bare(theirs)), key=len)
    return ours == theirs or (len(ours) >= 5 and theirs.startswith(ours))
