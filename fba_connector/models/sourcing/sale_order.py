"""Sources a sale order from Amazon: the button, the choice of warehouses, and orders that wait for stock."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..account.fba_account_runs import CONCURRENCY_ERRORS, reason_of
from ..shared.groups import INTERNAL
from ..shared.notification import CLOSE, notification
from ..shared.sentence import in_words, words
from ..shared.together import together

_logger = logging.getLogger(__name__)

SOURCED_TOGETHER = 25  # orders: one procurement and one reservation for all of them


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
        return self._fba_toast() if len(self) == 1 else True

    def _fba_toast(self):
        """What is next after sourcing, for the screen."""
        labels = dict(self._fields["fba_status"]._description_selection(self.env))
        manager = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_fulfillment_order_action")
        return notification(
            "success",
            self.env._("%s is sourced from Amazon.", self.name).replace("%", "%%") + " %s",
            CLOSE,
            title=labels.get(self.fba_status, ""),
            links=[{"label": self.env._("Open the manager"), "url": f"/odoo/{manager['path']}"}],
        )

    def _fba_source_each(self):
        """Source each of these orders as far as Amazon has stock; none blocks another.

        {order: (the sourced lines, a reason for each part that is not)}, the oldest order first; neither where nothing
        is left to source.
        """
        orders = self.sorted(lambda order: (order.date_order, order.id))
        results, open_orders = {}, orders.browse()
        allowed = orders._filtered_access("write")
        locked = allowed.try_lock_for_update(allow_referencing=True)
        for order in orders:
            if order not in allowed:
                reason = self.env._("You may not change this order.")
            elif order not in locked:
                reason = self.env._("Somebody else is changing this order. Try again in a moment.")
            else:
                reason = order._fba_reason_closed()
            if reason:
                results[order] = order.order_line.browse(), [reason]
            else:
                open_orders |= order
        results |= together(
            open_orders,
            type(self)._fba_source_together,
            lambda order, error: (order.order_line.browse(), [order._fba_reason_failed(error)]),
            SOURCED_TOGETHER,
        )
        return {order: results[order] for order in orders}

    def _fba_source_together(self):
        """`_fba_source_each` of locked, open orders, all or none."""
        lines, results = self.order_line, {}
        lines._fba_check_may_source()
        plan, reasons = lines.sudo()._fba_plan()
        lines._fba_carry_out(plan)
        for order in self:
            sourced = order.order_line.filtered(lambda line: line in plan)
            why = [reasons[line] for line in order.order_line if line in reasons]
            results[order] = sourced, list(dict.fromkeys(why))
        return results

    def _fba_reason_failed(self, error):
        """`error` of a step with this order, for the clerk; unknown ones go to the log."""
        if isinstance(error, CONCURRENCY_ERRORS):
            return self.env._("Somebody else is changing this order. Try again in a moment.")
        if not isinstance(error, UserError):
            _logger.error("FBA %s: not sourced", self.name, exc_info=error)
        return in_words(self, reason_of(error))

    def action_fba_resolve(self):
        """Ask the user how to resolve units without a source."""
        self.ensure_one()
        context = {"default_sale_id": self.id}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resolve %s", self.name),
            "res_model": "fba.resolve.wizard",
            "res_id": self.env["fba.resolve.wizard"].with_context(**context).create({}).id,  # its rows can be split
            "views": [(False, "form")],
            "target": "new",
            "context": context,
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
        serving, found = {}, {}
        for order in self:
            country = order.partner_shipping_id.country_id
            warehouses, reason, asked = Warehouse, False, (order.company_id, country)
            if not country:
                reason = self.env._(
                    "The delivery address of %s has no country. Complete the contact first.", order.name
                )
            else:
                if asked not in found:
                    found[asked] = Warehouse._fba_serving(*asked)
                warehouses = found[asked]
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

    def _fba_own_warehouses(self):
        """{order: the company's own warehouses, the order's first}."""
        found = self.env["stock.warehouse"].search([("company_id", "in", self.company_id.ids), ("is_afn", "=", False)])
        return {
            order: found.filtered(lambda warehouse, order=order: warehouse.company_id == order.company_id).sorted(
                lambda warehouse, order=order: warehouse != order.warehouse_id
            )
            for order in self
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
