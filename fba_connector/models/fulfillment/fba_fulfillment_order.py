"""The fulfillment order: Amazon's part of a sale order, one for each AFN delivery.

Its states, and what each becomes: states.py.
"""

import re
import secrets
from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ... import amazon
from ..account.fba_account_runs import reason_of
from ..shared.fba_fulfillment_options import LIMITS, OPTIONS
from ..shared.groups import MANAGER, USER
from ..shared.sentence import SentenceField, in_words
from .sentences import SENTENCES
from .states import ALLOWED, ENDED_STATES, MISMATCH, STATES, TRANSITIONS, UNSENT_STATES

NO_FAILURE = {"failure_count": 0, "failure_message": False, "failing_since": False}


class FbaFulfillmentOrder(models.Model):
    _name = "fba.fulfillment.order"
    _description = "FBA Fulfillment Order"
    _inherit = [
        "fba.safe.export",
        "fba.name.search",
        "fba.work.item",
        "fba.stateful",
        "fba.fulfillment.options",
        "fba.money",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True
    _transitions = TRANSITIONS
    _sentences = SENTENCES

    name = fields.Char(
        "Fulfillment Order", required=True, readonly=True, copy=False, index="trigram", help="The order's ID at Amazon."
    )
    queued_at = fields.Datetime(
        readonly=True, copy=False, index="btree_not_null", help="Time of the request to send the order."
    )
    shipped_at = fields.Datetime(
        "Shipped", compute="_compute_shipped_at", store=True, help="Time of the last shipment."
    )
    hours_to_ship = fields.Float(
        compute="_compute_shipped_at", store=True, aggregator="avg", help="Hours from sending to the last shipment."
    )
    account_id = fields.Many2one("fba.account", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="restrict")
    sale_id = fields.Many2one(
        "sale.order", "Order #", required=True, readonly=True, ondelete="restrict", index=True, check_company=True
    )
    partner_id = fields.Many2one(related="sale_id.partner_id", string="Customer", store=True, index=True)
    partner_shipping_id = fields.Many2one(related="sale_id.partner_shipping_id", string="Delivery Address")
    ship_to = fields.Char(compute="_compute_ship_to")
    # Not related: Odoo would look for fulfillment orders of each order that is confirmed.
    date_order = fields.Datetime("Order Date", compute="_compute_date_order", store=True)
    user_id = fields.Many2one(related="sale_id.user_id", store=True, index=True)
    picking_ids = fields.One2many("stock.picking", "fba_fulfillment_order_id", "Deliveries", readonly=True)
    line_ids = fields.One2many("fba.fulfillment.order.line", "order_id", "Lines", readonly=True)
    shipment_ids = fields.One2many("fba.shipment", "fulfillment_order_id", "Shipments", readonly=True)
    package_ids = fields.One2many("fba.package", "fulfillment_order_id", "Packages", readonly=True)
    at_amazon = fields.Boolean(
        readonly=True,
        copy=False,
        help="Amazon may have this order. Set before sending; cleared only if the order certainly did not arrive.",
    )
    state = fields.Selection(
        STATES,
        default="waiting",
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        group_expand="_in_order_of_process",
    )
    amazon_status = fields.Char("Amazon's Status", readonly=True, copy=False)
    amazon_updated_at = fields.Datetime(readonly=True, copy=False)
    snapshot_at = fields.Datetime(
        readonly=True, copy=False, help="Time when Odoo requested the answer it last applied."
    )
    submitted_at = fields.Datetime("Sent", readonly=True, copy=False, index="btree_not_null")
    hold = fields.Boolean(
        "Hold at Amazon", tracking=True, copy=False,
        help="Amazon reserves the stock and ships once you press Ship; after 14 days it cancels the order.",
    )  # fmt: skip
    error_code = fields.Char(readonly=True, copy=False, index="btree_not_null")
    error_message = SentenceField(readonly=True, copy=False)
    can_change = fields.Boolean(compute="_compute_can_change", help="The fulfillment options can be changed.")
    can_retry = fields.Boolean(compute="_compute_can_retry")
    can_wait = fields.Boolean(compute="_compute_can_wait", help="It can wait for its stock again.")
    can_resolve = fields.Boolean(compute="_compute_can_change")
    can_cancel = fields.Boolean(compute="_compute_can_change")
    due_at = fields.Datetime(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Time from which a scheduled action processes the order.",
    )
    queued_terms = fields.Char(readonly=True, copy=False, help="Contents and shipping speed when the order was queued.")
    first_sent_at = fields.Datetime(readonly=True, copy=False)
    send_count = fields.Integer(readonly=True, copy=False)
    lookup_misses = fields.Integer(readonly=True, copy=False, help="Consecutive checks that did not find the order.")
    failure_count = fields.Integer(
        readonly=True, copy=False, help="Consecutive failures; each one lengthens the wait before the next try."
    )
    failure_message = SentenceField(
        "Last Failure", readonly=True, copy=False, help="Reason for the last failure, until a try succeeds."
    )
    # Stored on this row, so that a change of quantities and a sending by another worker cannot miss each other.
    unit_count = fields.Float("Qty", compute="_compute_contents", store=True, digits="Product Unit")
    contents = fields.Char("Items", compute="_compute_contents", store=True)
    tracking_numbers = fields.Char(compute="_compute_tracking_numbers")
    tracking_links = fields.Json(
        compute="_compute_tracking_numbers", exportable=False, help="[[tracking number, its carrier's page or False]]"
    )
    problem = fields.Char("Reason", compute="_compute_problem", help="The problem with the order, if any.")
    outcome = fields.Char(
        compute="_compute_outcome",
        help="The problem with the order or, if there is none, its tracking numbers.",
    )

    _failing_index = models.Index("(warehouse_id) WHERE failure_count > 0")
    _state_company_index = models.Index("(state, company_id)")  # counts what a user may see, and reads no row

    # Also the index of `account_id`.
    _name_unique = models.Constraint("UNIQUE(account_id, name)", "The ID of a fulfillment order must be unique.")

    def _follow_delivery(self):
        """Until the order is sent, its state follows the reservation: called when that or the contents change."""
        for order in self.filtered(lambda order: order.line_ids and order._is_ours()):
            moves = order.line_ids._open_moves()
            if not moves:
                order._move_to("cancelled")
                order._end_activity()
            elif order.state not in UNSENT_STATES:
                continue
            elif any(move.state != "assigned" or move._fba_lacks_units() for move in moves):
                order._move_to("waiting")
            elif order.state == "waiting" or (order.state == "queued" and order._terms() != order.queued_terms):
                order._move_to("ready")  # nothing is sent without a request
            if order.waits_told:
                order._end_delay_activity()

    def _terms(self):
        """Goods and speed of the order, by whichever SKUs, in a form to compare with what was agreed to."""
        goods = Counter()
        for move in self.line_ids._open_moves():
            goods[move.sale_line_id.id, move.product_id.id] += move.product_qty
        return f"{self.shipping_speed} " + ", ".join(
            f"{line_id}/{product_id}: {units:g}" for (line_id, product_id), units in sorted(goods.items())
        )

    def _is_ours(self):
        """Whether this order still follows its delivery: Amazon certainly does not have it."""
        self.ensure_one()
        return not self.at_amazon and self.state not in ENDED_STATES

    @api.depends("state", "submitted_at", "shipment_ids.shipped_at")
    def _compute_shipped_at(self):
        for order in self:
            times = [shipment.shipped_at for shipment in order.shipment_ids if shipment.shipped_at]
            order.shipped_at = max(times) if times and order.state == "shipped" else False
            took = order.shipped_at and order.submitted_at and order.shipped_at - order.submitted_at
            order.hours_to_ship = max(took.total_seconds(), 0) / 3600 if took else 0.0

    def _is_live(self):
        """Whether something can still happen: it is ours, Amazon works on it, or its outcome is unknown."""
        self.ensure_one()
        return self.state not in ENDED_STATES and not self._has_ended()

    @api.depends(
        "state",
        "at_amazon",
        "submitted_at",
        "error_code",
        "amazon_status",
        "cancel_requested_at",
        "contradiction_since",
    )
    def _compute_can_change(self):
        for what in ("change", "resolve", "cancel", "adopt", "end_doubt"):
            self._set_whether_they_may(what)

    @api.depends("state", "submitted_at", "error_code")
    def _compute_can_retry(self):
        self._set_whether_they_may("retry")

    @api.depends("state", "at_amazon", "submitted_at", "error_code")
    def _compute_can_wait(self):
        self._set_whether_they_may("wait")

    def _set_whether_they_may(self, what):
        those = self._that_may(what)
        those[f"can_{what}"] = True
        (self - those)[f"can_{what}"] = False

    def _in_order_of_process(self, states, _domain):
        """The groups by state, not by the alphabet; without empty ones."""
        return [state for state, _label in STATES if state in states]

    def _may(self, what):
        """Whether `what` of ALLOWED may be done with this order now."""
        self.ensure_one()
        return bool(self._that_may(what))

    def _that_may(self, what):
        """Those of these orders with which `what` of ALLOWED may be done now."""
        states, those = ALLOWED[what]
        return those(self.filtered(lambda order: order.state in states))

    def _follow_sale(self, names):
        """Take over the sale order's new address or delivery method; Amazon does not have the order yet."""
        for order in self:
            if "carrier_id" in names:
                order.shipping_speed = order.sale_id.carrier_id.fba_shipping_speed or order.account_id.shipping_speed
            deliveries = order.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
            deliveries.partner_id = order.partner_shipping_id

    @api.depends("sale_id")
    def _compute_date_order(self):
        for order in self:
            order.date_order = order.sale_id.date_order

    @api.depends("partner_shipping_id")
    def _compute_ship_to(self):
        sales = self._fetch_sales()
        places = dict(self._place_rows(sales.partner_shipping_id))
        for order in self.sudo():
            order.ship_to = places.get(order.sale_id.partner_shipping_id.id) or False

    def _fetch_sales(self):
        """The sales orders. Reads what a list shows of them at once, and no other of their many columns."""
        sales = self.sale_id.sudo()
        sales.fetch(["name", "partner_id", "partner_shipping_id", "currency_id", "amount_total"])
        return sales

    def _place_rows(self, addresses):
        """[(address's ID, "US-CA")], in one query."""
        addresses.flush_model(["country_id", "state_id"])
        self.env["res.country"].flush_model(["code"])
        self.env["res.country.state"].flush_model(["code"])
        return self.env.execute_query(
            SQL(
                """SELECT address.id, concat_ws('-', country.code, state.code)
                     FROM res_partner address
                     LEFT JOIN res_country country ON country.id = address.country_id
                     LEFT JOIN res_country_state state ON state.id = address.state_id
                    WHERE address.id IN %s""",
                tuple(addresses.ids) or (0,),
            )
        )

    @api.depends("line_ids.quantity", "line_ids.seller_sku")
    def _compute_contents(self):
        for order in self:
            skus = list(dict.fromkeys(line.seller_sku or line.product_id.name for line in order.line_ids))
            order.unit_count = sum(order.line_ids.mapped("quantity"))
            count = "1 SKU" if len(skus) == 1 else f"{len(skus)} SKUs"  # stored for all readers
            order.contents = f"{count} · {', '.join(skus)}" if skus else False

    @api.depends("package_ids.tracking_number", "package_ids.carrier_code")
    def _compute_tracking_numbers(self):
        links = self._links_of_packages()
        for order in self:
            its = order.tracking_links = links[order._origin]
            order.tracking_numbers = ", ".join(number for number, _url in its)

    def _links_of_packages(self):
        """{order: [(tracking number, its carrier's page or False)]}."""
        packages = self.env["fba.package"].search_fetch(
            [("fulfillment_order_id", "in", self.ids), ("tracking_number", "!=", False)],
            ["fulfillment_order_id", "tracking_number", "carrier_code"],
        )
        links = defaultdict(list)
        for package, (_carrier, url) in packages._carriers_and_urls().items():
            links[package.fulfillment_order_id].append((package.tracking_number, url))
        return links

    @api.depends(
        "error_message",
        "failure_message",
        "preview_is_due",
        "contradiction",
        "contradiction_since",
        "state",
    )
    @api.depends_context("lang")
    def _compute_problem(self):
        for order in self:
            order.problem = " ".join(order._current_messages()) or False

    @api.depends("problem", "tracking_numbers")
    @api.depends_context("lang")
    def _compute_outcome(self):
        for order in self:
            order.outcome = order.problem or order.tracking_numbers

    def _current_messages(self):
        """The problems with the order, in words for the clerk."""
        messages = (self.error_message, self._current_failure(), self._current_doubt())
        return [message for message in messages if message]

    def _current_failure(self):
        """`failure_message` as long as Odoo tries the order again and it has not ended; else False."""
        waits = self.state in ("waiting", "ready") and not self.preview_is_due
        return not waits and self.state not in ENDED_STATES and self.failure_message

    def write(self, vals):
        """Users may change how an order is sent while it is ours; the code writes everything else."""
        if not self.env.su:
            choices = {*OPTIONS, "hold"}
            others = [name for name in vals if not name.startswith(("message_", "activity_")) and name not in choices]
            if others or (choices & vals.keys() and not all(order.can_change for order in self)):
                raise AccessError(self.env._("Fulfillment orders cannot be edited. Use their buttons to change them."))
        result = super().write(vals)
        if "shipping_speed" in vals:
            self.sudo()._follow_delivery()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Fulfillment orders cannot be deleted: Amazon never forgets an ID it has seen."))

    @api.model
    def _new_name(self, sale, number):
        """An id that Amazon accepts and no other order has, not even in a copy of this database, or in this one when a
        restored backup counts again."""
        suffix = f"-{number}-{secrets.token_hex(4)}"
        return re.sub(r"[^A-Za-z0-9_-]", "-", sale.name)[: LIMITS.order_id_length - len(suffix)] + suffix

    # === ACTIONS === #

    def action_declare_unknown(self):
        """An administrator has checked Seller Central: Amazon does not have this order, so it is ours again."""
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only FBA Administrators may declare that Amazon does not have an order."))
        self.check_access("write")
        for order in self.sudo():
            if order.state != "exception" or order.submitted_at or not order.at_amazon:
                raise UserError(self.env._("It is already clear whether Amazon has %s.", order.name))
            if order.sighting_ids and order.error_code != MISMATCH:  # else it is another order that was seen
                raise UserError(order._sighted_message())
            order.at_amazon = False
            order._leave_forced()
            order._follow_delivery()
            order._post(lambda env: env._("An administrator declared that Amazon does not have this order."))
            if order.cancel_requested_at:
                order._cancel_before_sending()
        return True

    def action_refresh(self):
        """Read these orders from Amazon now."""
        self._check_may_send()
        for account, orders in self.filtered("submitted_at").grouped("account_id").items():
            account._check_may_call()
            with account._open_gateway() as gateway:
                for order in orders:
                    try:
                        order.sudo()._refresh_now(gateway)
                    except amazon.AmazonError as error:
                        raise UserError(
                            self.env._(
                                "%(id)s could not be read from Amazon: %(reason)s",
                                id=order.name,
                                reason=in_words(self, reason_of(error)),
                            )
                        ) from error
        return True

    def action_detail(self):
        """The SKUs of these orders, in a pop-up: of several, by SKU and with sums."""
        if len(self) > 1:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Fulfillment Detail: %s orders", len(self)),
                "res_model": "fba.fulfillment.order.line",
                "views": [(self.env.ref("fba_connector.fba_fulfillment_order_line_view_list_detail").id, "list")],
                "domain": [("order_id", "in", self.ids)],
                "context": {"group_by": ["seller_sku"]},
                "target": "new",
            }
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fulfillment Detail: %s", self.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(self.env.ref("fba_connector.fba_fulfillment_order_view_form_detail").id, "form")],
            "target": "new",
        }

    def action_resolve(self):
        """Ask the user what happens with the quantities that Amazon cannot fulfill."""
        self.ensure_one()
        return self.sale_id.action_fba_resolve()

    def action_open_sale(self):
        self.ensure_one()
        return self.sale_id._get_records_action()

    def _check_may_send(self):
        """Sending, previewing and cancelling cost money: for FBA Users only."""
        if not (self.env.su or self.env.user.has_group(USER)):
            raise AccessError(
                self.env._("Only FBA Users may send orders to Amazon or cancel them there. Ask your administrator.")
            )
        self.check_access("write")
