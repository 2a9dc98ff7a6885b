"""The previews of one or several orders, side by side: a row for each order, a column for each speed."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.account.fba_account_connection import NO_PROBLEM
from ..models.shared.fba_fulfillment_options import SHIPPING_SPEEDS
from ..models.shared.sentence import moment

NAMED = 10  # orders that a message names


class FbaPreviewWizard(models.TransientModel):
    _name = "fba.preview.wizard"
    _description = "Preview Fulfillment"

    order_ids = fields.Many2many("fba.fulfillment.order", readonly=True)
    preview_ids = fields.Many2many("fba.preview", compute="_compute_previews")
    count = fields.Integer(compute="_compute_previews")
    waiting_count = fields.Integer(compute="_compute_previews")
    errors = fields.Text(compute="_compute_previews")
    previewed_at = fields.Datetime(compute="_compute_previews", help="Time of the oldest preview.")
    matrix = fields.Json(compute="_compute_matrix", help="Contents of the pop-up, in the user's language.")

    @api.depends("order_ids")
    def _compute_previews(self):
        for wizard in self:
            waiting = wizard.order_ids.filtered("preview_is_due")
            there = wizard.order_ids - waiting
            wizard.preview_ids = there.preview_ids
            wizard.count = len(wizard.order_ids)
            wizard.waiting_count = len(waiting)
            wizard.errors = "\n".join(filter(None, wizard.order_ids.mapped("preview_error"))) or False
            wizard.previewed_at = min(filter(None, there.mapped("previewed_at")), default=False)

    # === THE MATRIX === #

    @api.depends("order_ids")
    @api.depends_context("lang", "tz")
    def _compute_matrix(self):
        """{total, waiting: numbers of orders; previewed, chosen, cheapest: text; speeds: [{value, label}];
        rows: [see _row]}.

        No query for a single order: Odoo reads 1,000 records at a time.
        """
        for wizard in self:
            # Who may see the orders sees their customers' names. An onchange may be of any ids.
            orders = wizard.order_ids._origin._filtered_access("read").sudo()
            there = orders.filtered(lambda order: not order.preview_is_due)
            current = there.filtered(lambda order: order._preview_is_current())
            cheapest = [wizard._cheapest(order) for order in current]
            speeds = set(there.preview_ids.mapped("shipping_speed"))
            labels = dict(self.env["fba.preview"]._fields["shipping_speed"]._description_selection(self.env))
            wizard.matrix = {
                "total": len(orders),
                "waiting": len(orders - there),
                "previewed": wizard.previewed_at
                and self.env._("Oldest preview: %s", moment(self.env, wizard.previewed_at)),
                "chosen": wizard._fees_in_words(
                    [(order.fee_currency_id, order.estimated_fee) for order in current], len(orders)
                ),
                "cheapest": wizard._fees_in_words(
                    [(preview.currency_id, preview.total) for preview in cheapest], len(orders)
                ),
                "speeds": [
                    {"value": speed, "label": labels[speed]} for speed, _name in SHIPPING_SPEEDS if speed in speeds
                ],
                "rows": [wizard._row(order, order in current) for order in orders],
            }

    def _row(self, order, is_current):
        """{id, name, customer, ship_to, value, notes: [text], waiting: whether the preview is still to come,
        cells: {speed: see _cell}}."""
        waiting = order.preview_is_due
        return {
            "id": order.id,
            "sale_id": order.sale_id.id,
            "name": order.sale_id.name,
            "customer": order.partner_id.display_name,
            "ship_to": order.ship_to or "",
            "value": order.sale_id.currency_id.format(order.sale_id.amount_total),
            "notes": self._notes(order, is_current),
            "waiting": waiting,
            "cells": {} if waiting else {preview.shipping_speed: self._cell(preview) for preview in order.preview_ids},
        }

    def _notes(self, order, is_current):
        """What there is to know about this order's previews, or the lack of them."""
        account = order.account_id
        if order.preview_is_due:
            has_problem = account.connection_state not in NO_PROBLEM
            return [account.connection_message if has_problem else self.env._("Waiting for Amazon…")]
        notes = [order.preview_error]
        if order.preview_ids and not is_current:
            notes.append(self.env._("Changed since this preview. Press Preview Again."))
        if order.state != "ready":
            notes.append(dict(order._fields["state"]._description_selection(self.env))[order.state])
        return list(filter(None, notes))

    @api.model
    def _cell(self, preview):
        """One order at one speed. `total` is False if Amazon named no fees; `fees`: [[label, amount]]."""
        return {
            "id": preview.id,
            "total": preview.currency_id.format(preview.total) if preview.currency_id else False,
            "fees": [[fee.label, preview.currency_id.format(fee.amount)] for fee in preview.fee_ids],
            "ships": preview.ships_text,
            "arrives": preview.arrives_text,
            "reasons": preview.reasons,
            **{
                name: preview[name]
                for name in ("is_fulfillable", "is_cheapest", "is_fastest", "is_chosen", "can_choose")
            },
        }

    def _fees_in_words(self, fees, count):
        """Such as "USD 521.40 for 58 orders; unknown for 2 orders"; `fees`: [(currency or none, amount)] of those of
        `count` orders whose previews are there."""
        by_currency = {}
        for currency, amount in fees:
            if currency:
                by_currency.setdefault(currency, []).append(amount)
        texts = [
            self.env._("%s for 1 order", currency._fba_by_code(amounts[0]))
            if len(amounts) == 1
            else self.env._("%(sum)s for %(count)s orders", sum=currency._fba_by_code(sum(amounts)), count=len(amounts))
            for currency, amounts in sorted(by_currency.items(), key=lambda it: -len(it[1]))
        ]
        unknown = count - sum(map(len, by_currency.values()))
        if unknown:
            texts.append(
                self.env._("unknown for 1 order") if unknown == 1 else self.env._("unknown for %s orders", unknown)
            )
        return "; ".join(texts)

    # === CHOOSING === #

    @api.model
    def _cheapest(self, order, arrive_by=None):
        """The preview (fba.preview) with the lowest fee, of equal ones the earliest arrival; none if no fee is known.

        `arrive_by`: only of those that arrive on that date or before, in the user's time zone.
        """
        known = order.preview_ids.filtered(lambda preview: preview.is_fulfillable and preview.currency_id)
        if arrive_by:
            known = known.filtered(lambda preview: preview.arrives_until and self._arrival_day(preview) <= arrive_by)
        return known.sorted(lambda preview: (preview.total, preview.arrives_until or fields.Datetime.now()))[:1]

    @api.model
    def _arrival_day(self, preview):
        return fields.Datetime.context_timestamp(self, preview.arrives_until).date()

    def action_choose_cheapest(self, arrive_by=False):
        """Give each order its cheapest speed, of those that arrive by the date `arrive_by` if there is one.

        Orders without such a speed, and those that are on their way to Amazon, stay as they are. Returns what
        happened, and which orders have no such speed, in words. Raises UserError.
        """
        self.ensure_one()
        try:
            arrive_by = fields.Date.to_date(arrive_by)
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("Not a valid date: %s", arrive_by)) from error
        orders = self.order_ids.filtered(lambda order: order.state in ("waiting", "ready"))
        orders._check_may_send()
        there = orders.filtered(lambda order: not order.preview_is_due and order._preview_is_current())
        unknown = orders - there.filtered(lambda order: self._cheapest(order))
        best = self.env["fba.preview"].union(*(self._cheapest(order, arrive_by) for order in there))
        others = best.filtered(lambda preview: not preview.is_chosen)
        others._choose()
        return "\n".join(self._outcome(len(others), orders - best.order_id - unknown, unknown, arrive_by))

    def _outcome(self, changed, late, unknown, arrive_by):
        """A line each about `changed` (a number of orders) and those left alone: `late`, and of `unknown` fee."""
        if not changed:
            yield self.env._("No order needed another speed.")
        elif changed == 1:
            yield self.env._("1 order now has another speed.")
        else:
            yield self.env._("%s orders now have another speed.", changed)
        if late:
            yield self.env._(
                "Not possible by %(day)s, left as they are (%(count)s): %(orders)s",
                day=format_date(self.env, arrive_by),
                count=len(late),
                orders=self._names(late),
            )
        if unknown:
            yield self.env._(
                "No known fee, left as they are (%(count)s): %(orders)s",
                count=len(unknown),
                orders=self._names(unknown),
            )

    def _names(self, orders):
        names = orders[:NAMED].sudo().sale_id.mapped("name")
        return ", ".join(names) + (", …" if len(orders) > NAMED else "")

    # === BUTTONS === #

    def action_send_these(self):
        """The dialog before sending, for the orders of this pop-up that have not been sent."""
        orders = self.order_ids.filtered(lambda order: order._is_ours())
        if not orders:
            raise UserError(self.env._("All of these orders have been sent already."))
        return orders._open_submit_wizard(orders.ids, "selected")

    def action_reload(self):
        """Show the previews received since."""
        self.check_access("read")
        return self.env["fba.preview"]._show_in(self)

    def action_preview_again(self):
        """Request the previews from Amazon again."""
        return self.order_ids.action_preview()
