"""Sourcing many sales orders at once, and taking the proposals for many exceptions: the list before, and the result."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.shared.groups import USER
from ..models.shared.together import together
from ..models.sourcing.sale_order import SOURCED_TOGETHER
from .resolving import resolve_together

AT_ONCE = 200  # orders: what a request has time for
OUTCOMES = ("none", "partly", "stays")  # what needs a person most comes first


class FbaSourceWizard(models.TransientModel):
    _name = "fba.source.wizard"
    _description = "Sourcing of Many Orders"

    task = fields.Selection(
        [("source", "Fulfillment by Amazon"), ("resolve", "Take the Proposal")], required=True, readonly=True
    )
    is_done = fields.Boolean(readonly=True)
    pending_ids = fields.Many2many("sale.order", "fba_source_wizard_pending_rel", readonly=True)
    sourced_ids = fields.Many2many("sale.order", "fba_source_wizard_sourced_rel", readonly=True)
    settled_count = fields.Integer(readonly=True, help="Orders with nothing left to source.")
    line_ids = fields.One2many("fba.source.wizard.line", "wizard_id", readonly=True)
    summary = fields.Char(compute="_compute_summary")
    pending_count = fields.Integer(compute="_compute_summary")
    proposal_count = fields.Integer(compute="_compute_summary")
    can_send = fields.Boolean(compute="_compute_can_send")

    @api.depends("line_ids.outcome", "sourced_ids", "pending_ids", "is_done", "settled_count")
    def _compute_summary(self):
        for wizard in self:
            wizard.pending_count = len(wizard.pending_ids)
            proposed = wizard.line_ids.filtered(lambda row: row.outcome == "proposed")
            wizard.proposal_count = len(proposed.sale_id)
            wizard.summary = wizard._in_total()

    def _in_total(self):
        """Such as "79 orders sourced, 5 not"."""
        env, done = self.env, len(self.sourced_ids)
        left = len(self.line_ids.filtered(lambda row: row.outcome == "none").sale_id - self.sourced_ids)
        if not self.is_done:
            many = self.proposal_count
            return env._("1 order has a proposal.") if many == 1 else env._("%s orders have a proposal.", many)
        if self.task == "resolve":
            words = env._("1 order resolved") if done == 1 else env._("%s orders resolved", done)
        else:
            words = env._("1 order sourced") if done == 1 else env._("%s orders sourced", done)
        words = env._("%(done)s, %(left)s not.", done=words, left=left) if left else f"{words}."
        if many := self.settled_count:
            settled = env._("1 had nothing left to source.")
            words += " " + (settled if many == 1 else env._("%s had nothing left to source.", many))
        return words

    @api.depends("sourced_ids")
    def _compute_can_send(self):
        for wizard in self:
            wizard.can_send = self.env.user.has_group(USER) and bool(wizard._ready())

    def _ready(self):
        """The fulfillment orders of the sourced orders that can be sent."""
        return self.sourced_ids.fba_fulfillment_order_ids.filtered(lambda order: order.state == "ready")

    # === FULFILLMENT BY AMAZON === #

    @api.model
    def _source(self, orders):
        """Source `orders` from Amazon; returns the action that shows the result."""
        wizard = self.create({"task": "source", "is_done": True, "pending_ids": [Command.set(orders.ids)]})
        return wizard.action_continue()

    def action_continue(self):
        """Source the next orders: as many as a request has time for."""
        self.ensure_one()
        orders = self.pending_ids.sorted(lambda order: (order.date_order, order.id))[:AT_ONCE]
        rows, sourced, settled = [], orders.browse(), 0
        for order, (lines, reasons) in orders._fba_source_each().items():
            row, outcome = {"sale_id": order.id, "words": " ".join(reasons)}, "partly" if lines else "none"
            if lines:
                sourced |= order
                # Who sourced it can complete its address: nobody has to find it in the manager first.
                stays = list(filter(None, order.fba_fulfillment_order_ids.mapped("reason_it_stays")))
                row["words"] = " ".join([*reasons, *stays])
                outcome = "partly" if reasons else "stays"
            settled += not (lines or reasons)
            if row["words"]:
                rows.append(Command.create({**row, "outcome": outcome}))
        rows.sort(key=lambda row: OUTCOMES.index(row[2]["outcome"]))
        self.write(
            {
                "pending_ids": [Command.unlink(order.id) for order in orders],
                "sourced_ids": [Command.link(order.id) for order in sourced],
                "line_ids": rows,
                "settled_count": self.settled_count + settled,
            }
        )
        return self._show(self.env._("Fulfillment by Amazon"))

    # === TAKE THE PROPOSAL === #

    @api.model
    def _propose(self, orders):
        """The proposals for the units of `orders` without a source; returns the action that shows them."""
        orders = orders.sorted(lambda order: (order.date_order, order.id))
        orders.check_access("read")
        if len(orders) > AT_ONCE:
            raise UserError(self.env._("Select at most %s orders at once.", AT_ONCE))
        proposals, rows = orders.order_line._fba_propose(whole=True), []
        for order in orders:
            lines = order.order_line.filtered("fba_unsourced_product_qty")
            for line in lines:
                row = {"sale_id": order.id, "sale_line_id": line.id, "quantity": line.fba_unsourced_product_qty}
                rows.append(Command.create({**row, **self._proposal(proposals.get(line))}))
            if not lines:
                words = self.env._("All units of %s have a source.", order.name)
                rows.append(Command.create({"sale_id": order.id, "outcome": "none", "words": words}))
        rows.sort(key=lambda row: row[2]["outcome"] != "proposed")
        return self.create({"task": "resolve", "line_ids": rows})._show(self.env._("Take the Proposal"))

    def _proposal(self, choice):
        """Values of the row with this Choice; None: there is none."""
        if not choice:
            words = self.env._("No warehouse has enough free units. Open the order and press Resolve.")
            return {"outcome": "none", "words": words}
        words = self.env._("From %s", choice.warehouse.name)
        return {"outcome": "proposed", "warehouse_id": choice.warehouse.id, "words": words}

    def action_confirm(self):
        """Take the proposals of each order for which every unit without a source has one."""
        self.ensure_one()
        if self.task != "resolve" or self.is_done:
            raise UserError(self.env._("This was done already."))
        orders = self.line_ids.sale_id
        outcomes = together(
            orders,
            self._resolve_together,
            lambda order, error: ("none", order._fba_reason_failed(error)),
            SOURCED_TOGETHER,
        )
        rows = [
            Command.create({"sale_id": order.id, "outcome": outcome, "words": words})
            for order, (outcome, words) in outcomes.items()
        ]
        resolved = orders.filtered(lambda order: outcomes[order][0] == "done")
        self.write({"is_done": True, "line_ids": [Command.clear(), *rows], "sourced_ids": [Command.set(resolved.ids)]})
        return self._show(self.env._("Take the Proposal"))

    def _resolve_together(self, orders):
        """{order: (outcome, words)} of taking the proposals for `orders`, all or none."""
        proposed = self.line_ids.filtered(lambda row: row.sale_id in orders)
        reasons = proposed._reasons_not_to_take()
        taken = proposed.filtered(lambda row: row.sale_id not in reasons)
        told = resolve_together(taken.sale_id, [row._step() for row in taken])
        words = {order: summary(self.env) for order, summary in told.items()}
        return {order: ("none", reasons[order]) if order in reasons else ("done", words[order]) for order in orders}

    # === AFTERWARDS === #

    def _show(self, name):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_manager(self):
        """The manager, with the orders of the sourced sales orders that are ready."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_fulfillment_order_action")
        return {
            **action,
            "domain": [("sale_id", "in", self.sourced_ids.ids)],
            "context": {"search_default_ready": 1},
            "target": "main",
        }

    def action_send_now(self):
        """The confirmation before sending them."""
        self.ensure_one()
        return self._ready().action_open_submit_wizard()


class FbaSourceWizardLine(models.TransientModel):
    _name = "fba.source.wizard.line"
    _description = "Sourcing of One of Many Orders"

    wizard_id = fields.Many2one("fba.source.wizard", required=True, ondelete="cascade")
    sale_id = fields.Many2one("sale.order", "Order #", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="sale_id.partner_id", related_sudo=False)
    sale_line_id = fields.Many2one("sale.order.line", ondelete="cascade")
    product_id = fields.Many2one(related="sale_line_id.product_id", related_sudo=False)
    quantity = fields.Float(digits="Product Unit", help="Units without a source, in the product's own unit.")
    warehouse_id = fields.Many2one("stock.warehouse", ondelete="cascade")
    outcome = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("done", "Done"),
            ("stays", "Cannot Be Sent"),
            ("partly", "Partly"),
            ("none", "Not Done"),
        ],
        "Result",
        required=True,
    )
    words = fields.Char("Reason", required=True)

    def _step(self):
        """See `resolve`."""
        choice = "amazon" if self.warehouse_id.is_afn else "own"
        return self.sale_line_id, choice, self.warehouse_id, self.quantity

    def _reasons_not_to_take(self):
        """{order: why}, for those of which these rows do not cover all units, or not all are proposed now as then."""
        changed = self.env._("The order or the stock has changed. Open the order and press Resolve.")
        reasons, then = {}, {}
        for order, rows in self.grouped("sale_id").items():
            if missing := rows.filtered(lambda row: row.outcome != "proposed")[:1]:
                reasons[order] = missing.words
                continue
            same = all(row.quantity == row.sale_line_id.fba_unsourced_product_qty for row in rows)
            if same and rows.sale_line_id == order.order_line.filtered("fba_unsourced_product_qty"):
                then.update((row.sale_line_id, row.warehouse_id) for row in rows)
            else:
                reasons[order] = changed
        now = self.sale_line_id.filtered(lambda line: line in then)._fba_propose(whole=True, only=then)
        return reasons | {line.order_id: changed for line in then if line not in now}

    def action_open_sale(self):
        return self.sale_id._get_records_action()
