"""Assignments of a sale order line: releasing units, and distributing new stock."""

from odoo import models
from odoo.exceptions import UserError

from ..shared.guard import BY_CODE


class StockMove(models.Model):
    _inherit = "stock.move"

    # === COMPONENTS === #

    def _fba_component(self):
        """(product, BoM line or None): this move's part of its sale order line; see tally.py."""
        return self.product_id, ("bom_line_id" in self._fields and self.bom_line_id) or None

    def _fba_is_never_short(self):
        """Whether this is a part of a kit that Odoo does not count: it goes wherever the others go."""
        return bool(self._fba_component()[1]) and not self.product_id.is_storable

    def _fba_components_taken(self):
        """{component: units} that are reserved for these moves."""
        components = {}
        for move in self:
            component = move._fba_component()
            components[component] = components.get(component, 0) + move._fba_taken()
        return components

    # === STOCK ARRIVES === #

    def _trigger_assign(self):
        """Stock that arrives in an AFN warehouse goes to orders waiting there, then to those waiting elsewhere."""
        result = super()._trigger_assign()
        for warehouse, moves in self.grouped(lambda move: move.location_dest_id.warehouse_id).items():
            if warehouse.is_afn:
                warehouse.sudo()._fba_source_waiting(moves.product_id)
        return result

    # === RELEASE === #

    def _fba_is_at_amazon(self):
        """Hook: whether Amazon may be at work on this move."""
        return False

    def _fba_check_not_at_amazon(self):
        """Raises UserError for moves that Amazon works on."""

    def _fba_can_release(self):
        """The moves that can be released: open, the first of their chain, and not at Amazon."""
        supply = self.sale_line_id._fba_supply()
        return self.filtered(lambda move: move in supply and not move._fba_is_at_amazon())._fba_open()

    def action_fba_release(self, quantity=None):
        """Release the assigned quantity, or `quantity` (in the product's unit) of a single assignment, to be sourced
        elsewhere. Raises UserError once Amazon may know of it."""
        self.check_access("read")
        self.sale_line_id._fba_check_may_source()
        self._fba_check_not_at_amazon()
        if self - self._fba_can_release():
            raise UserError(self.env._("Only open deliveries of sales orders can be released."))
        if quantity is not None:
            self.ensure_one()
            unit = self.product_id.uom_id
            if unit.compare(quantity, 0) <= 0 or unit.compare(quantity, self.product_qty) > 0:
                raise UserError(
                    self.env._(
                        "Enter a quantity above 0, up to %(most)g × %(product)s.",
                        most=self.product_qty,
                        product=self.product_id.display_name,
                    )
                )
            if not unit.round(quantity).is_integer() and self._fba_is_in_pieces():
                raise UserError(self.product_id._fba_fraction_reason(quantity))
        self.sudo()._fba_release(quantity)
        return True

    def _fba_is_in_pieces(self):
        """Whether Amazon ships this assignment, or could ship a product that is counted in pieces."""
        warehouse, product = self.picking_type_id.warehouse_id, self.product_id
        pieces = self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
        if warehouse.is_afn or not pieces or not product.uom_id._has_common_reference(pieces):
            return warehouse.is_afn
        afn = (
            self.env["stock.warehouse"]
            .sudo()
            .search([("is_afn", "=", True), ("company_id", "=", warehouse.company_id.id)])
        )
        return any(product in self.env["fba.sku"]._offers(it, product) for it in afn)

    def action_open_fba_release(self):
        """The confirmation before a release: quantity and warehouse."""
        self.ensure_one()
        self.env["fba.release.wizard"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release"),
            "res_model": "fba.release.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def _fba_release(self, quantity=None):
        """Release all of these moves, or `quantity`, with a message on their orders. A kit is released whole."""
        moves = self._fba_whole_kits()
        for order, released in moves.grouped(lambda move: move.sale_line_id.order_id).items():
            items = [
                {
                    "quantity": f"{move.product_qty if quantity is None else quantity:g}",
                    "product": move.product_id.display_name,
                    "warehouse": move.picking_type_id.warehouse_id.name,
                }
                for move in released
            ]
            order._fba_post(
                lambda env, items=items: env._(
                    "Released: %s.",
                    ", ".join(env._("%(quantity)s × %(product)s from %(warehouse)s", **item) for item in items),
                )
            )
        own_deliveries = moves.picking_id.filtered(lambda picking: not picking.picking_type_id.warehouse_id.is_afn)
        for move in moves:
            move._fba_unsource(move.product_qty if quantity is None or move not in self else quantity)
        own_deliveries._fba_drop_emptied()

    def _fba_whole_kits(self):
        """These moves, and the others of their kits."""
        moves = self
        for line in self.sale_line_id:
            if line._fba_kit():
                moves |= line._fba_supply()._fba_can_release()
        return moves

    def _fba_unsource(self, quantity):
        """Release `quantity` (in the product's unit) of these moves of one line; it then has no source."""
        line = self.sale_line_id
        with line._fba_counting_kits():
            taken = quantity - self._fba_reduce(quantity)
        # Goods that somebody added to a delivery have no line.
        if line and not line._fba_kit():
            line.fba_unsourced_product_qty += taken

    def _fba_reduce(self, quantity):
        """Take `quantity` (in the product's unit) off these open moves, unreserved and younger ones first; returns
        the rest. What is left of a move is in that unit, too: less than a dozen is no exact part of it."""
        self.picking_id._fba_open_schedule()
        for move in self.sorted(lambda move: (move.quantity > 0, -move.id)):
            unit = move.product_id.uom_id
            if unit.compare(quantity, 0) <= 0:
                break
            part = min(quantity, move.product_qty)
            quantity -= part
            if unit.compare(part, move.product_qty) == 0:
                move.with_context(fba_counted=BY_CODE)._action_cancel()
                continue
            rest, rounded = move.product_qty - part, move.product_uom != unit
            reserved = move.quantity and (rounded or unit.compare(move.quantity, rest) > 0)
            if reserved:
                move._do_unreserve()
            move.write({"product_uom_qty": rest, **({"product_uom": unit.id} if rounded else {})})
            if reserved:
                move._action_assign()
        return max(quantity, 0)
