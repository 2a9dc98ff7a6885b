"""Sources a sale order from Amazon: the button, the choice of warehouses, and orders that wait for stock."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..account.fba_account_runs import CONCURRENCY_ERRORS, reason_of
from ..shared.groups import INTERNAL
from ..shared.sentence import words

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    fba_has_unsourced = fields.Boolean(compute="_compute_fba_has_unsourced", groups=INTERNAL)
    fba_quoted_line_ids = fields.Many2many(
        "sale.order.line",
        string="Quoted Goods",
        compute="_compute_fba_quoted_line_ids",
        groups=INTERNAL,
    )
    fba_reason_not_sourced = fields.Char(compute="_compute_fba_reason_not_sourced", compute_sudo=True, groups=INTERNAL)

    def _fba_is_open(self):
        """Whether this order still has goods to deliver."""
        return self.state == "sale" and self.delivery_status != "full"

    @api.depends("order_line.product_id", "state")
    def _compute_fba_quoted_line_ids(self):
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        (self - quotations).fba_quoted_line_ids = False
        for order in quotations:
            order.fba_quoted_line_ids = order.order_line.filtered(lambda line: line.product_id.type == "consu")

    @api.depends("order_line.fba_unsourced_qty")
    def _compute_delivery_status(self):
        super()._compute_delivery_status()
        for order in self.filtered(lambda order: order.state == "sale" and order.delivery_status in ("full", False)):
            if any(order.order_line.mapped("fba_unsourced_qty")):
                order.delivery_status = "partial" if any(order.order_line.mapped("qty_delivered")) else "pending"

    @api.depends("order_line.fba_unsourced_qty")
    def _compute_fba_has_unsourced(self):
        for order in self:
            order.fba_has_unsourced = any(order.order_line.mapped("fba_unsourced_qty"))

    @api.depends("delivery_status", "state")
    @api.depends_context("lang")
    def _compute_fba_reason_not_sourced(self):
        """The reason why the button of the whole order is off; False if it is on."""
        for order in self:
            reason = order._fba_reason_closed()
            if not reason:
                plan, reasons = order.order_line._fba_plan() if order._fba_is_open() else ({}, {})
                nothing = self.env._("Nothing is left to source.")
                reason = False if plan else " ".join(dict.fromkeys(reasons.values())) or nothing
            order.fba_reason_not_sourced = reason

    def action_fulfill_by_amazon(self):
        """Source everything possible from the AFN warehouses, and create the fulfillment orders.

        Raises UserError with the reason if nothing is possible.
        """
        for order in self:
            order.check_access("write")
            order._fba_check_open()
            order.lock_for_update()
            order.order_line.action_fba_source()
        return True

    def action_fba_resolve(self):
        """Ask the user how to resolve units without a source."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve %s", self.name),
            "res_model": "fba.resolve.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_sale_id": self.id},
        }

    def _fba_check_open(self):
        """Raises UserError if deliveries of these orders must not be changed."""
        for order in self:
            if reason := order._fba_reason_closed():
                raise UserError(reason)

    def _fba_reason_closed(self):
        """The reason why this order's deliveries must not be changed, for the clerk; False when they may be."""
        self.ensure_one()
        if self.state != "sale":
            return self.env._("%s: Amazon fulfills confirmed orders only.", self.name)
        return False

    def _fba_serving_warehouses(self):
        """{order: (AFN warehouses that deliver to its country, the best first; the reason where there is none)}."""
        Warehouse = self.env["stock.warehouse"].sudo()
        serving = {}
        for order in self:
            country = order.partner_shipping_id.country_id
            warehouses, reason = Warehouse, False
            if not country:
                reason = self.env._(
                    "The delivery address of %s has no country. Complete the contact first.", order.name
                )
            else:
                warehouses = Warehouse._fba_serving(order.company_id, country)
                if not warehouses:
                    reason = self.env._(
                        "No AFN warehouse of %(company)s delivers to %(country)s. If Amazon does, an administrator can "
                        "add the country to the marketplace under Channel Managers > Configuration > Marketplaces.",
                        company=order.company_id.name,
                        country=country.name,
                    )
            serving[order] = warehouses, reason
        return serving

    def _fba_automated_warehouses(self):
        """{order: AFN warehouses from which automation may source it, the best first}."""
        Warehouse = self.env["stock.warehouse"].sudo()
        automated = {company: Warehouse._fba_automated(company) for company in self.company_id}
        return {
            order: automated[order.company_id]._fba_that_serve(order.partner_shipping_id.country_id) for order in self
        }

    def _fba_add_references(self):
        """Create the reference of an order's deliveries: Odoo does so with its first procurement, ours come earlier."""
        self.env["stock.reference"].create(
            [order.order_line[0]._prepare_reference_vals() for order in self if not order.stock_reference_ids]
        )

    def _fba_source_waiting(self, warehouse, tally):
        """Source from `warehouse` units that automation wants there or that wait for stock elsewhere. The order keeps a
        failure."""
        self.ensure_one()
        order = self.with_company(self.company_id)
        lines = order.order_line.filtered(lambda line: not line._fba_reason_not_automatic())
        if order._fba_reason_closed() or not warehouse._fba_that_serve(order.partner_shipping_id.country_id):
            return
        account, plan = warehouse.fba_account_id, {}
        try:
            with self.env.cr.savepoint():
                order.lock_for_update()
                waiting = lines._fba_waiting(partly=account.auto_split)
                for line in waiting.sale_line_id:
                    components = line._fba_components_waiting(waiting & line.move_ids)
                    if account.auto_source == "when_short" and tally.has(line.warehouse_id, components):
                        tally.take(line.warehouse_id, components)  # it only has to be reserved there
                    elif choice := line._fba_choose(components, warehouse, tally)[0]:
                        plan[line] = choice
                if plan:
                    lines._fba_move_to(plan, waiting)
                    name = warehouse.name
                    order._fba_post(lambda env: env._("Stock arrived: Odoo sourced units from %s.", name))
        except CONCURRENCY_ERRORS as error:
            _logger.info("FBA %s: busy, sourced when stock arrives again: %s", order.name, error)
        except Exception as error:
            _logger.exception("FBA %s: not sourced", order.name)
            for choice in plan.values():
                tally.give_back(choice)
            note = words(order.order_line, "failed", warehouse=warehouse.name, reason=reason_of(error))
            if set(lines.mapped("fba_sourcing_note")) != {note}:  # one message, not one with every arrival
                lines.fba_sourcing_note = note
                order._fba_post(note)
