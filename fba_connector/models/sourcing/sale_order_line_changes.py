"""New, raised and lowered lines: units to source before Odoo procures, and units to give up."""

from odoo import models
from odoo.exceptions import UserError

from ..shared.sentence import words
from .tally import Tally


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # === NEW AND RAISED LINES === #

    def _fba_source_new(self, previous):
        """Source from Amazon the units that automation wants there, and further units of lines from Amazon alone."""
        Warehouse = self.env["stock.warehouse"]
        if not any(Warehouse._fba_automated_ids(company.id) for company in self.company_id):
            self = self.filtered("fba_warehouse_id")
        if not self:
            return
        orders = self.order_id.filtered(lambda order: not (order.warehouse_id.is_afn or order._fba_reason_closed()))
        serving = orders._fba_automated_warehouses()
        lines = self.filtered(
            lambda line: (
                line.product_id.type == "consu"
                and line.order_id in orders
                and (serving[line.order_id] or line.fba_warehouse_id)
            )
        )
        needs = lines._fba_new_components(previous)
        products = lines.product_id.union(
            *(product for components in needs.values() for product, _bom_line in components)
        )
        tally, plan = Tally(products), {}
        # Where all go to Amazon whatever the own warehouses have, nobody has to ask what they have.
        asks_own = any(afn.fba_account_id.auto_source == "when_short" for its in serving.values() for afn in its)
        for line, components in needs.items():
            choice, reason = line._fba_choose_new(components, serving[line.order_id], tally, asks_own=asks_own)
            if choice:
                plan[line] = choice
            if line.fba_sourcing_note != reason:
                line.fba_sourcing_note = reason
        self._fba_procure(plan)

    def _fba_new_components(self, previous):
        """{line: {component: units}} that Odoo is about to procure."""
        needs = {}
        for line in self:
            units = line._fba_missing(previous)
            if line.product_id.uom_id.compare(units, 0) > 0:
                needs[line] = line._fba_components(units, line._fba_kit())
        return needs

    def _fba_choose_new(self, components, warehouses, tally, *, asks_own=True):
        """(choice or None, reason or False) for units not procured yet: further units of a line from a single AFN
        warehouse come from there too, all others from those of `warehouses` whose automation wants them."""
        if self.fba_warehouse_id and self.fba_warehouse_id == self._fba_supply().picking_type_id.warehouse_id:
            choice, reason = self._fba_choose(components, self.fba_warehouse_id, tally)
            if choice or not warehouses:
                return choice, reason
        if reason := self._fba_reason_not_automatic():
            return None, reason
        own = self.warehouse_id
        enough = asks_own and tally.has(own, components)
        choice, reason = None, words(self, "own_has_enough", warehouse=own.name)
        if willing := warehouses.filtered(lambda afn: not (enough and afn.fba_account_id.auto_source == "when_short")):
            choice, reason = self._fba_choose(components, willing, tally)
        if asks_own:
            sourced = choice.components if choice else {}
            tally.take(own, {component: units - sourced.get(component, 0) for component, units in components.items()})
        return choice, reason

    def _fba_reason_not_automatic(self):
        """The reason why automation skips this line, for the clerk; False if it does not."""
        product, carrier = self.product_id, self.order_id.carrier_id
        if self.fba_is_own_by_hand:
            return words(self, "own_by_hand")
        if product.fba_exclude or product.categ_id._fba_is_excluded():
            return words(self, "product_excluded", product=product.display_name)
        if carrier.fba_exclude:
            return words(self, "carrier_excluded", carrier=carrier.name)
        routes = product.route_ids | product.categ_id.total_route_ids
        if self.route_ids or (routes and self._fba_is_made_to_order()):
            return words(self, "own_route", product=product.display_name)
        return False

    def _fba_is_made_to_order(self):
        """Whether Odoo would buy, make or drop-ship this line for its order, instead of taking it from stock."""
        values = self._prepare_procurement_values()
        rule = self.env["stock.rule"]._get_rule(self.product_id, self._get_location_final(), values)
        return rule.action not in ("pull", "pull_push") or rule.procure_method == "make_to_order"

    # === LOWERED LINES === #

    def _fba_give_up(self, previous):
        """Reduce lines from Amazon, or without a source: first the units without a source, then those of other
        warehouses, then those not sent to Amazon yet. Raises UserError if that is not enough: never a return.
        """
        for line in self.filtered(lambda line: line.fba_unsourced_product_qty or line.fba_warehouse_id):
            unit = line.product_id.uom_id
            missing = line._fba_missing(previous)
            if unit.compare(missing, 0) >= 0:
                continue
            unsourced = min(line.fba_unsourced_product_qty, -missing)
            if unsourced:
                line.fba_unsourced_product_qty -= unsourced
                if not line.fba_unsourced_qty:  # less than the line's own unit can show
                    line.fba_unsourced_product_qty = 0
            kit = line._fba_kit()
            supply = line._fba_supply()
            if kit:
                planned = line._fba_kits_planned(kit, missing + unsourced)
                beyond = line._fba_components_beyond(planned, kit, supply)
                excess = {component: -units for component, units in beyond.items() if units < 0}
            else:
                excess = line._fba_components(-missing - unsourced, kit)
            for component, units in excess.items():
                line._fba_give_up_component(
                    units, supply.filtered(lambda move, component=component: move._fba_component() == component)
                )

    def _fba_give_up_component(self, units, supply):
        unit = supply.product_id.uom_id or self.product_id.uom_id
        unsent = supply._fba_open().filtered(lambda move: not move._fba_is_at_amazon())
        own = unsent.filtered(lambda move: not move.picking_type_id.warehouse_id.is_afn)
        rest = (unsent - own)._fba_reduce(own._fba_reduce(units))
        if unit.compare(rest, 0) <= 0:
            return
        sent = supply._fba_open() - unsent
        if sent:
            raise UserError(
                self.env._(
                    "%(quantity)g × %(product)s is fulfilled by Amazon and can no longer be removed. Request "
                    "cancellation on the FBA tab first, or order at least that quantity.",
                    quantity=sum(sent.mapped("product_qty")),
                    product=sent.product_id.display_name,
                )
            )
        if supply.product_id == self.product_id:  # the customer keeps the components of an incomplete kit
            raise UserError(
                self.env._(
                    "%(product)s: the line's new quantity is %(quantity)g less than is already on its way.",
                    quantity=rest,
                    product=self.product_id.display_name,
                )
            )
