"""Sources of a sale order line's units: finding, choosing and changing them.

The components of a line (see tally.py) are those of its kit, or the product itself.
"""

import math
from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError

from ..shared.sentence import words
from .tally import Choice, Tally


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # === CURRENT SOURCES === #

    def _fba_supply(self):
        """The moves, done ones too, that bring these lines' goods on their way: the first of each chain, no returns."""
        leaving = self.move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and not move.origin_returned_move_id
                and move.location_id.usage in ("internal", "transit")
                and (move.location_final_id or move.location_dest_id)._is_outgoing()
            )
        )
        return leaving.filtered(lambda move: not move.move_orig_ids & leaving)

    def _fba_waiting(self, *, partly=False):
        """The open moves of other warehouses without a reservation, or (`partly`) without a full one.

        A kit waits as a whole or not at all: it is not split between warehouses.
        """
        others = self._fba_supply()._fba_open().filtered(lambda move: not move.picking_type_id.warehouse_id.is_afn)
        always = others.filtered(lambda move: move._fba_is_never_short())
        others -= always
        held = others.filtered(lambda move: move.quantity and move._fba_component()[1]).sale_line_id
        waiting = others.filtered(
            lambda move: (
                move.procure_method != "make_to_order"
                and (not move.quantity or (partly and move._fba_unreserved() > 0))
                and move.sale_line_id not in held
            )
        )
        return waiting | always.filtered(lambda move: move.sale_line_id in waiting.sale_line_id)

    def _fba_kit(self):
        """The phantom bill of materials by which this line's product is delivered; None for all other products."""
        self.ensure_one()
        return self.product_id._fba_kits(self.company_id).get(self.product_id)

    def _fba_components(self, units, kit):
        """{component: units} of `units` of this line's product: itself, or the components of its `kit`."""
        return self.product_id._fba_components(units, kit, self.product_no_variant_attribute_value_ids)

    def _fba_ordered(self):
        """The ordered quantity in the product's unit."""
        return self.product_uom_id._compute_quantity(
            self.product_uom_qty, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _fba_missing(self, previous=False):
        """Ordered units, in the product's unit, that Odoo counts neither as procured nor as without source; negative if
        more is procured than ordered."""
        if self._fba_is_counted_here():
            supply, kit = self._fba_supply(), self._fba_kit()
            if kit:
                there = self._fba_kits_in(supply, kit) - self._fba_kits_in(self._fba_came_back(), kit)
            else:
                _outgoing, incoming = self._get_outgoing_incoming_moves(strict=False)
                there = sum(move._fba_units() for move in supply) - sum(move._fba_units() for move in incoming)
            return self._fba_ordered() - there - self.fba_unsourced_product_qty
        missing = self.product_uom_qty - self._get_qty_procurement(previous)
        return self.product_uom_id._compute_quantity(missing, self.product_id.uom_id, rounding_method="HALF-UP")

    def _fba_not_procured(self):
        """Ordered units, in the product's unit, of a line that nothing was ever planned for, as where a person makes
        the deliveries: else somebody may have left them out on purpose."""
        return 0.0 if self.move_ids else max(self._fba_missing(), 0.0)

    def _fba_is_counted_here(self):
        """Whether Odoo counts this line, with units from Amazon or without a source, wrong: it rounds parts in a unit
        such as dozens, and after a return it misses what comes from other warehouses."""
        involved = self.fba_warehouse_id or self.fba_unsourced_product_qty
        return bool(involved) and (self._fba_is_in_another_unit() or (self._fba_has_returns() and not self._fba_kit()))

    def _fba_has_returns(self):
        """Whether the customer returned goods of this line, or is to."""
        return any(move.location_id.usage == "customer" for move in self.move_ids)

    def _fba_came_back(self):
        """The moves that bring goods of this line back and lower what was delivered."""
        return self.move_ids.filtered(
            lambda move: move.state != "cancel" and move.location_id.usage == "customer" and move.to_refund
        )

    def _fba_is_in_another_unit(self):
        return self.product_uom_id != self.product_id.uom_id

    def _fba_components_beyond(self, units, kit, supply):
        """{component: units} of `units` of this line's kit that `supply` lacks; negative where it holds more."""
        components = self._fba_components(units, kit)
        for move in supply:
            if move._fba_component() in components:
                components[move._fba_component()] -= move._fba_units()
        return components

    def _fba_kits_in(self, moves, kit):
        """How many whole kits `moves` hold."""
        held = {it: -units for it, units in self._fba_components_beyond(0, kit, moves).items()}
        return self._fba_whole_in(held, kit)

    def _fba_kits_planned(self, kit, more):
        """How many kits the supply of this line is to hold once it has `more`: as many as are ordered. What came back
        is part of that supply, and whether something replaces it is not known: then those it holds, and `more`."""
        return self._fba_kits_in(self._fba_supply(), kit) + more if self._fba_has_returns() else self._fba_ordered()

    def _fba_components_needed(self, waiting):
        """{component: units} that have no source, wait in `waiting`, or were not procured at all."""
        self.ensure_one()
        units, kit = self.fba_unsourced_product_qty + self._fba_not_procured(), self._fba_kit()
        if kit:
            if not (waiting or units):
                return {}
            planned = self._fba_kits_planned(kit, units)
            beyond = self._fba_components_beyond(planned, kit, self._fba_supply() - waiting)
            return {component: units for component, units in beyond.items() if units > 0}
        units += sum(move._fba_unreserved() for move in waiting)
        return self._fba_components(units, kit) if self.product_id.uom_id.compare(units, 0) > 0 else {}

    def _fba_components_unsourced(self, units):
        """{component: units} of `units` (in the product's unit) of this line that have no source."""
        self.ensure_one()
        kit, unsourced = self._fba_kit(), self.fba_unsourced_product_qty
        if not kit:
            return self._fba_components(units, kit) if self.product_id.uom_id.compare(units, 0) > 0 else {}
        planned = self._fba_kits_planned(kit, unsourced) - (unsourced - units)
        beyond = self._fba_components_beyond(planned, kit, self._fba_supply())
        return {component: units for component, units in beyond.items() if units > 0}

    def _fba_components_waiting(self, waiting):
        """{component: units} that wait in the moves `waiting`, without a reservation."""
        components = {}
        for move in waiting:
            component, units = move._fba_component(), move._fba_unreserved()
            units = move.product_qty if move._fba_is_never_short() else units
            components[component] = components.get(component, 0) + units
        return components

    def _fba_ways(self, components):
        """The goods that Amazon can be asked for `components` of this line, the preferred way first: whole kits as
        such, or all as components. Each is {(product, BoM line or None): units}."""
        kit = self._fba_kit()
        whole = self._fba_whole_in(components, kit) if kit else 0
        if not whole:
            return [components]
        in_kits = self._fba_components(whole, kit)
        rest = {it: units - in_kits.get(it, 0) for it, units in components.items()}
        rest = {it: units for it, units in rest.items() if it[0].uom_id.compare(units, 0) > 0}
        return [{(self.product_id, None): whole, **rest}, components]

    def _fba_whole_in(self, components, kit):
        """How many whole kits `components` hold."""
        one = [(it, units) for it, units in self._fba_components(1, kit).items() if units]
        most = min((components.get(it, 0) / units for it, units in one), default=0)
        more = math.floor(most) + 1  # of thirds of a piece, rounded, it may miss a trifle
        needed = self._fba_components(more, kit)
        fits = all(it[0].uom_id.compare(components.get(it, 0), units) >= 0 for it, units in needed.items())
        return more if most and fits else math.floor(most)

    # === POSSIBLE SOURCES === #

    def _fba_choose(self, components, warehouses, tally):
        """(Choice, False) of all `components`, or of some units where the account splits; else (None, the reason
        against the first warehouse). The choice is taken off `tally`."""
        self.ensure_one()
        reasons, ways = {}, self._fba_ways(components)
        for warehouse in warehouses:
            choice, reasons[warehouse] = tally.choose(warehouse, components, ways)
            if choice:
                return choice, False
        for warehouse in warehouses.filtered("fba_account_id.auto_split"):
            component, *others = components
            product, bom_line = component
            if others or bom_line or not product.uom_id.round(components[component]).is_integer():
                break  # kits are not split between warehouses: half a kit is useless
            if choice := tally.choose_part(warehouse, product, components[component])[0]:
                return choice, False
        return None, next(iter(reasons.values()), False)

    def _fba_reasons_nothing_waits(self):
        """{line: why it cannot be sourced now, though its units do not wait for stock}; without those that have no
        such reason."""
        reasons, reserved = {}, {}
        for line in self:
            moves = line._fba_supply()._fba_open().filtered(lambda move: not move.picking_type_id.warehouse_id.is_afn)
            if "make_to_order" in moves.mapped("procure_method"):
                reasons[line] = words(line, "to_order", product=line.product_id.display_name)
            elif taken := moves.filtered(lambda move: move.quantity and not move._fba_is_never_short()):
                reserved[line] = taken
        needs = {line: taken._fba_components_taken() for line, taken in reserved.items()}
        serving, tally = self.order_id._fba_serving_warehouses() if needs else {}, self._fba_tally(needs)
        for line, components in needs.items():
            choice, why = line._fba_possible_choice(components, serving[line.order_id], tally)
            if choice:
                tally.give_back(choice)
            reasons[line] = words(
                line,
                "reserved",
                product=line.product_id.display_name,
                warehouse=reserved[line][:1].picking_type_id.warehouse_id.name,
                why=why,
            )
        return reasons

    def _fba_possible_choice(self, components, serving, tally):
        """As `_fba_choose`, of `serving` (warehouses, reason where there are none)."""
        warehouses, reason = serving
        return (None, reason) if reason else self._fba_choose(components, warehouses, tally)

    # === FROM ONE SOURCE TO ANOTHER === #

    def _fba_move_to(self, plan, waiting):
        """Source units as `plan` ({line: Choice}) says: they neither wait in the moves `waiting` nor lack a source."""
        own_deliveries, lines = waiting.picking_id, self.browse().union(*plan)
        with lines._fba_counting_kits():
            for line, choice in plan.items():
                moves = waiting & line.move_ids
                for component, units in choice.components.items():
                    same = moves.filtered(lambda move, component=component: move._fba_component() == component)
                    rest = same._fba_reduce(units)
                    if component[1] is None:
                        line.fba_unsourced_product_qty -= min(rest, line.fba_unsourced_product_qty)
            self._fba_procure(plan)
        lines._fba_after_sourcing()
        own_deliveries._fba_drop_emptied()

    def _fba_after_sourcing(self):
        """Hook: these lines have their deliveries. No launch of Odoo's rules: it would procure what it counts as
        missing, and it does not count all returns and exchanges right."""

    def _fba_procure(self, plan):
        """Procure as `plan` says: in the product's unit, as the difference in dozens would be rounded.

        Without a warehouse, the order's own way.
        """
        lines = self.browse().union(*plan)
        lines.order_id._fba_add_references()
        lines.order_id.picking_ids._fba_open_schedule()
        procurements = []
        for line, (warehouse, components, _skus) in plan.items():
            line = line.with_company(line.company_id)
            values = line._prepare_procurement_values()
            values["date_planned"] = line.company_id._fba_open_moment(values["date_planned"])
            if warehouse:
                # The warehouse's own delivery, whatever routes the product has elsewhere.
                values |= {"warehouse_id": warehouse, "route_ids": warehouse.delivery_route_id}
            for (product, bom_line), units in components.items():
                more = {"bom_line_id": bom_line.id} if bom_line else {}
                for procurement in line._create_procurements(units, product.uom_id, {**values, **more}):
                    procurements.append(procurement._replace(product_id=product, name=product.display_name))
        if procurements:
            self.env["stock.rule"].run(procurements)
        lines.filtered("fba_sourcing_note").fba_sourcing_note = False

    @contextmanager
    def _fba_counting_kits(self):
        """Count kits without a source, the incomplete ones, whatever component is missing, after a change of their
        moves. Once goods came back, those that the change makes or breaks: what came back may stay away."""
        kits = {line: kit for line in self if (kit := line._fba_kit())}
        before = {
            line: line._fba_kits_in(line._fba_supply(), kit) for line, kit in kits.items() if line._fba_has_returns()
        }
        yield
        for line, kit in kits.items():
            unsourced = line.fba_unsourced_product_qty
            if line in before:
                lost = before[line] - line._fba_kits_in(line._fba_supply(), kit)
            else:
                line.fba_unsourced_product_qty, unsourced = 0, 0
                lost = line._fba_missing()
            line.fba_unsourced_product_qty = max(unsourced + lost, 0)

    # === BUTTONS === #

    def action_fba_source(self):
        """Source from Amazon all units without a source or waiting elsewhere. Raises UserError: the reason."""
        self._fba_source()
        return True

    def _fba_source(self, units=None):
        """As `action_fba_source`; with `units` ({line: units in the product's unit}) those of the units without a
        source. Returns ({line: Choice}, {line: reason}), see `_fba_plan`."""
        self._fba_check_may_source()
        plan, reasons = self.sudo()._fba_plan(units=units)
        if not plan:
            reason = " ".join(dict.fromkeys(reasons.values()))
            raise UserError(reason or self.env._("Nothing is left to source."))
        self._fba_carry_out(plan, waiting=units is None)
        return plan, reasons

    def _fba_carry_out(self, plan, *, waiting=True):
        """Source from Amazon as a person chose with `plan`; `waiting`: units that wait elsewhere, too."""
        lines = self.browse().union(*plan).sudo()
        lines.fba_is_own_by_hand = False
        lines._fba_move_to(plan, self.sudo()._fba_waiting() if waiting else self.sudo().move_ids.browse())

    def _fba_plan(self, *, units=None, shared=True):
        """({line: Choice}, {line: reason}): the units Amazon can give these lines now, and why it gives not all.

        `units`: see `_fba_source`. `shared`: all from one tally; otherwise each line as if it were alone.
        """
        needs = {
            line: line._fba_components_unsourced(units.get(line, 0))
            if units is not None
            else line._fba_components_needed(line._fba_waiting())
            for line in self
            if line.product_id.type == "consu"
        }
        serving = self.order_id._fba_serving_warehouses()
        plan, tally = {}, self._fba_tally(needs)
        reasons = self.browse().union(*(it for it in needs if not needs[it]))._fba_reasons_nothing_waits()
        for line, components in needs.items():
            if not components:
                continue
            choice, reason = line._fba_possible_choice(components, serving[line.order_id], tally)
            if choice:
                plan[line] = choice
                reason = choice.components != components and line._fba_part_reason(choice, components)
                if not shared:
                    tally.give_back(choice)
            if reason:
                reasons[line] = reason
        return plan, reasons

    def _fba_tally(self, needs):
        """The Tally of the products of `needs` ({line: components})."""
        return Tally(
            self.product_id.union(*(product for components in needs.values() for product, _bom_line in components))
        )

    def _fba_part_reason(self, choice, components):
        """That `choice` holds a part of `components`, for the clerk."""
        return self.env._(
            "%(product)s: %(sourced)g of %(needed)g from %(warehouse)s.",
            product=self.product_id.display_name,
            sourced=sum(choice.components.values()),
            needed=sum(components.values()),
            warehouse=choice.warehouse.name,
        )

    def _fba_propose(self, *, whole=False, only=None):
        """{line: Choice}: where all units without a source are free, in an own warehouse or else at Amazon. Lines for
        which there is no such place are missing; no unit is proposed twice.

        `whole`: only orders of which each line has a place; the others take nothing. `only`: {line: its warehouse}.
        """
        lines = self.sudo().filtered("fba_unsourced_product_qty")
        needs = {line: line._fba_components_unsourced(line.fba_unsourced_product_qty) for line in lines}
        own, serving = lines.order_id._fba_own_warehouses(), lines.order_id._fba_serving_warehouses()
        proposals, tally = {}, lines._fba_tally(needs)
        for order, its in lines.grouped("order_id").items():
            found, places = {}, own[order] + serving[order][0]
            for line in its:
                here = places if only is None else places & only[line]
                if needs[line] and (choice := line._fba_place(needs[line], here, tally)):
                    found[line] = choice
            if whole and len(found) < len(its):
                for choice in found.values():
                    tally.give_back(choice)
            else:
                proposals.update(found)
        return proposals

    def _fba_place(self, components, warehouses, tally):
        """The Choice of all `components` from the first of `warehouses` that has them, taken off `tally`; None if none
        has."""
        for warehouse in warehouses.filtered(lambda it: not it.is_afn):
            if tally.has(warehouse, components):
                tally.take(warehouse, components)
                return Choice(warehouse, components)
        at_amazon = warehouses.filtered("is_afn")
        choice = at_amazon and self._fba_choose(components, at_amazon, tally)[0]
        if choice and choice.components != components:
            tally.give_back(choice)
            return None
        return choice or None

    def action_fba_source_from_own(self):
        """Procure units without a source as if Amazon did not exist: by the order's own warehouse and routes."""
        self._fba_source_from_own()
        return True

    def _fba_source_from_own(self, warehouse=None, units=None):
        """As `action_fba_source_from_own`, or from a chosen `warehouse` of the company's own; with `units` ({line:
        units in the product's unit}) those of the units without a source. Raises UserError where that is nothing."""
        self._fba_check_may_source()
        if warehouse and (warehouse.sudo().is_afn or warehouse.sudo().company_id != self.company_id):
            raise UserError(self.env._("Choose one of the company's own warehouses."))
        lines = self.sudo()
        plan = {}
        lines.fba_is_own_by_hand = True
        for line in lines.filtered("fba_unsourced_product_qty"):
            wanted = line.fba_unsourced_product_qty if units is None else units.get(line, 0)
            components = line._fba_components_unsourced(wanted)
            if components:
                plan[line] = Choice(warehouse.sudo() if warehouse else line._fba_own_warehouse(), components)
            elif wanted:
                raise UserError(
                    self.env._(
                        "%(product)s of %(order)s: the deliveries hold these units already. Lower the ordered "
                        "quantity, or drop them in Resolve.",
                        product=line.product_id.display_name,
                        order=line.order_id.name,
                    )
                )
        lines._fba_move_to(plan, lines.move_ids.browse())

    def _fba_drop(self, units):
        """Lower these lines by `units` ({line: units in the product's unit}) of those without a source."""
        self._fba_check_may_source()
        for line in self:
            some = units.get(line, 0)
            if not some:
                continue
            left = line.sudo()._fba_ordered() - some
            left = line.product_id.uom_id._compute_quantity(left, line.product_uom_id, rounding_method="HALF-UP")
            if line.sudo()._fba_kit():
                line.product_uom_qty = left  # what waits of the incomplete kits goes, too
                continue
            # Nothing else is given up: after a return, Odoo would count less on its way than there is.
            line.with_context(skip_procurement=True).product_uom_qty = left
            line.sudo().fba_unsourced_product_qty = max(line.sudo().fba_unsourced_product_qty - some, 0)
            line.sudo()._fba_after_sourcing()

    def _fba_own_warehouse(self):
        """Empty if the order already uses one of the company's own warehouses; otherwise the first of those."""
        warehouses = self.env["stock.warehouse"]
        if not self.warehouse_id.is_afn:
            return warehouses
        return warehouses.search([("company_id", "=", self.company_id.id), ("is_afn", "=", False)], limit=1)

    def _fba_check_may_source(self):
        """Raises AccessError or UserError if the current user may not change the deliveries of these lines."""
        self.order_id.check_access("write")
        self.order_id._fba_check_open()
