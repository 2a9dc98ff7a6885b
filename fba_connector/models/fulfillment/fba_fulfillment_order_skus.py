"""Chooses the seller SKUs of a fulfillment order that Amazon does not have, and shapes its lines and moves by them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from odoo import fields, models

from ..shared.fba_fulfillment_options import LIMITS
from ..shared.guard import BY_CODE
from ..sourcing.shelf import Shelf
from .stock_move import LATER

TURN = {"queued": 0, "ready": 1}  # the order in which states choose


@dataclass
class Target:
    """A line to be: `units` of `seller_sku` (False: there is none), each `size` units of `product`. `parts`: see
    sku_units.py."""

    product: Any
    seller_sku: Any
    size: float
    parts: list
    units: float
    line: Any = None

    @classmethod
    def like(cls, line, units):
        return cls(line.product_id, line.seller_sku, line.pack_size or 1.0, _rows(line._parts()), units)

    @property
    def moved(self):
        """{(product's id, BoM line's id or 0): units}."""
        moved = Counter()
        for product_id, bom_line_id, units in self.parts:
            moved[product_id, bom_line_id] += units * self.units
        return moved

    @property
    def line_values(self):
        """Nothing special for plain units of a product: as lines of older versions."""
        return {
            "product_id": self.product.id,
            "seller_sku": self.seller_sku,
            "pack_size": self.size if self.size != 1 else 0.0,
            "parts": self.parts if self.parts != [[self.product.id, 0, 1.0]] else False,
        }


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    # A row that every choice changes: it cannot miss a sending by another worker, which read the lines before.
    sku_changes = fields.Integer("Changes of SKUs", readonly=True, copy=False)

    # === CHOOSING === #

    def _choose_skus(self):
        """Choose the seller SKUs of orders that Amazon does not have, one order after another: they share what Amazon
        has. Where that is too little, an order keeps its SKUs: Amazon decides."""
        ours = self.sudo().filtered(lambda order: order._is_ours())
        ours = ours.sorted(lambda order: (TURN.get(order.state, len(TURN)), order.id))
        for warehouse, orders in ours.with_context(fba_not_of=ours.ids).grouped("warehouse_id").items():
            moves = orders._unsent_moves()
            shelf = Shelf(warehouse, moves.product_id | moves.sale_line_id.product_id)
            changed = self.sudo().browse([order.id for order in orders if order._choose_from(shelf)])
            for order in changed:
                order.sku_changes += 1
            changed._follow_delivery()

    def _unsent_moves(self):
        pickings = self.picking_ids.filtered(lambda it: it.state not in ("done", "cancel") and not it.fba_forced)
        joining = pickings.move_ids.filtered(lambda move: not move.fba_line_id)
        return (joining | self.line_ids.move_ids)._fba_open()

    def _choose_from(self, shelf):
        """Whether lines changed."""
        order = self.with_context(fba_follow=LATER)
        plan = []
        for sale_line, moves in order._unsent_moves().grouped("sale_line_id").items():
            lines = order.line_ids.filtered(lambda line, sale_line=sale_line: line.sale_line_id == sale_line)
            plan.append((lines, moves, order._targets(sale_line, lines, moves, shelf)))
        changed = order._shape(plan)
        order.line_ids._drop_released()
        return changed

    def _targets(self, sale_line, lines, moves, shelf):
        """[Target] for the open `moves` of a sale order line, taken off `shelf`."""
        components = Counter()
        for move in moves:
            components[move._fba_component()] += move.product_qty
        components = {it: units for it, units in components.items() if it[0].uom_id.compare(units, 0) > 0}
        if not components:
            return []
        *kits, _all = sale_line._fba_ways(components) if sale_line else [components]
        ways = [*(goods for goods in kits if shelf.offers(next(iter(goods))[0])), components]
        for generous in (False, True):
            for goods in ways:
                if found := shelf.pick(goods, generous=generous):
                    return _targets_of(goods, found)
        if kept := self._kept(lines, moves, shelf):
            shelf.take({line: [(offer, line.quantity)] for line, offer in kept.items()})
            return [Target.like(line, line.quantity) for line, offer in kept.items()]
        goods = next((it for it in ways if all(shelf.make(good[0], units) for good, units in it.items())), ways[-1])
        found = {}
        for good, units in goods.items():
            offers = shelf.offers(good[0], generous=True)
            found[good] = shelf.make(good[0], units) or [(offer, units / offer.size) for offer in offers[:1]]
        shelf.take(found)
        return _targets_of(goods, found)

    def _kept(self, lines, moves, shelf):
        """{line: Offer} of `lines`, if they hold all of `moves` in whole units of SKUs that can still be sent as they
        are; else nothing."""
        kept = {}
        for line in lines.filtered(lambda line: line._open_moves()):
            offers = shelf.offers(line.product_id, generous=True)
            same = [it for it in offers if it.seller_sku == line.seller_sku]
            if not (same and line._is_whole() and _is_same(line, same[0])):
                return {}
            kept[line] = same[0]
        return kept if moves <= lines.move_ids else {}

    # === SHAPING === #

    def _shape(self, plan):
        """Make lines of this order, with their open moves, into targets: `plan` is [(lines of a sale order line, their
        moves, [Target])]. Whether anything changed."""
        changed, new = False, []
        for lines, moves, targets in plan:
            changed |= _match(lines, targets)
            for target in targets:
                values = target.line_values
                if not target.line:
                    new.append((target, {"order_id": self.id, "sale_line_id": moves.sale_line_id.id, **values}))
                elif any(
                    (target.line[name].id if name == "product_id" else target.line[name] or False) != value
                    for name, value in values.items()
                ):
                    target.line.write(values)
                    changed = True
        made = self.line_ids.create([values for _target, values in new])
        for (target, _values), line in zip(new, made, strict=True):
            target.line = line
        for _lines, moves, targets in plan:
            changed |= _divide(moves, targets)
        return changed

    # === TOO LARGE FOR ONE ORDER === #

    def _split_too_large(self):
        """Move lines and units of SKUs beyond Amazon's limits for one order to further ones; returns those."""
        made = self.browse()
        for order in self:
            if len(order.line_ids) <= LIMITS.lines and order.unit_count <= LIMITS.units:
                continue
            order = order.with_context(fba_follow=LATER)
            loads, units = [order.line_ids.browse()], 0
            for line in order.line_ids.sorted("id"):
                while line:
                    if len(loads[-1]) == LIMITS.lines or units >= LIMITS.units:
                        loads.append(line.browse())
                        units = 0
                    rest = order._split_line(line, LIMITS.units - units)
                    loads[-1] |= line
                    units += line.quantity
                    line = rest
            for load in loads[1:]:
                made |= order._new_order_of(load)
            self.browse(order.id)._follow_delivery()
        made = self.browse(made.ids)
        made._follow_delivery()
        return made

    def _split_line(self, line, units):
        """Another line for what `line` holds beyond `units`; none where it does not."""
        beyond = line.quantity - units
        if beyond <= 0:
            return line.browse()
        both = [Target.like(line, it) for it in (units, beyond)]
        self._shape([(line, line._open_moves(), both)])
        return both[1].line

    def _new_order_of(self, lines):
        """A further delivery and fulfillment order of these lines."""
        moves = lines._open_moves()
        picking = moves.picking_id[:1]._fba_copy_empty()
        moves._fba_put_in(picking)
        order = self.create(picking._prepare_fulfillment_orders())
        picking.fba_fulfillment_order_id = order
        lines.order_id = order
        return order


def _targets_of(goods, found):
    """[Target] of `goods`, by `found`: {good: [(Offer, SKU units)]}."""
    targets = []
    for (product, bom_line), units in goods.items():
        for offer, count in found.get((product, bom_line)) or [(None, units)]:
            if offer and offer.resolution.kind == "kit":
                parts = _rows(
                    (it, line.id if line else 0, each) for (it, line), each in offer.resolution.components.items()
                )
            else:
                parts = _rows([(product, bom_line.id if bom_line else 0, offer.size if offer else 1.0)])
            size = offer.size if offer else 1.0
            targets.append(Target(product, offer.seller_sku if offer else False, size, parts, count))
    return targets


def _rows(parts):
    return [[product.id, bom_line_id, float(units)] for product, bom_line_id, units in parts if units]


def _is_same(line, offer):
    """Whether `line` is still what `offer` is."""
    now, then = Counter(), line._per_unit()
    for (product, _bom_line), units in offer.resolution.components.items():
        if units:
            now[product] += units
    return now == then


def _match(lines, targets):
    """Give each of `targets` its line, the one most like it; whether some have none, or some lines are left."""
    left = lines.sorted("id")
    likenesses = (
        lambda line, it: line.seller_sku == it.seller_sku and _rows(line._parts()) == it.parts,
        lambda line, it: line.product_id == it.product and _rows(line._parts())[0][:2] == it.parts[0][:2],
        lambda line, it: line.product_id == it.product and len(it.parts) == 1,
    )
    for is_like in likenesses:
        for target in targets:
            if not target.line:
                target.line = left.filtered(lambda line, is_like=is_like, it=target: is_like(line, it))[:1]
                left -= target.line
    return bool(left) or not all(target.line for target in targets)


def _divide(moves, targets):
    """Let open `moves` of a sale order line hold the units of `targets`; whether anything changed."""
    changed, keys = False, {}
    for move in moves:
        bom_line = move._fba_component()[1]
        key = move.product_id.id, bom_line.id if bom_line else 0
        keys[key] = keys.get(key, moves.browse()) | move
    for key, same in keys.items():
        wanted = [(target.line, units) for target in targets if (units := target.moved[key])]
        changed |= _distribute(same, wanted)
    return changed


def _distribute(moves, wanted):
    """Let `moves` of one component hold the units of `wanted` [(line, units)], one move each; whether it changed.

    Those that have to change are reserved again.
    """
    left, held, unit = moves.sorted(lambda move: (not move.fba_line_id, move.id)), [], moves.product_id.uom_id
    if not wanted:
        return False
    for line, units in wanted:
        own = left.filtered(lambda move, line=line: move.fba_line_id == line)[:1]
        left -= own
        held.append([line, units, own])
    for it in held:
        it[2] = it[2] or left[:1]
        left -= it[2]
    # With the trifle that rounded parts of a kit may miss.
    held[-1][1] = sum(moves.mapped("product_qty")) - sum(units for _line, units, _move in held[:-1])
    fits = not left and all(move and unit.compare(move.product_qty, units) == 0 for _line, units, move in held)
    if not fits:
        moves._do_unreserve()
        left.fba_line_id = False
        left.with_context(fba_counted=BY_CODE)._action_cancel()
        left.sudo().unlink()
        model = next(move for _line, _units, move in held if move)
        for it in held:
            if it[2]:
                it[2].write({"product_uom": unit.id, "product_uom_qty": it[1]})
                continue
            values = {**model._prepare_move_split_vals(it[1]), "product_uom": unit.id, "fba_line_id": it[0].id}
            it[2] = model.create(model.copy_data(values))
            it[2]._action_confirm(merge=False)
    moved = [(line, move) for line, _units, move in held if move.fba_line_id != line]
    for line, move in moved:
        move.fba_line_id = line
    if not fits:
        moves.browse([move.id for _line, _units, move in held])._action_assign()
    return bool(moved) or not fits
