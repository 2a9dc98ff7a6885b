"""Units of a fulfillment order line, as Amazon counts its SKU, and of the stock moves behind it."""

from collections import Counter

from odoo import fields, models

from ..shared.sentence import words
from ..warehouse.allocation import TRIFLE


class FbaFulfillmentOrderLine(models.Model):
    _inherit = "fba.fulfillment.order.line"

    parts = fields.Json(
        readonly=True,
        copy=False,
        help="Goods in one unit of the SKU, as of the sending: [product ID, ID of the bill of materials' line or 0, "
        "units]. If empty: one unit of the product.",
    )

    pack_size = fields.Float(
        readonly=True, copy=False, digits="Product Unit", help="Units of the product in one unit of the SKU; 0: one."
    )

    def _parts(self):
        """[(product, BoM line's id or 0, units)] of one unit of the SKU."""
        products = self.env["product.product"]
        if not self.parts:
            return [(self.product_id, 0, 1.0)]
        return [(products.browse(product_id), bom_line_id, units) for product_id, bom_line_id, units in self.parts]

    def _is_single(self):
        """Whether the SKU has one part: it is a product, a pack of it, or a kit of one component."""
        return len(self._parts()) == 1

    def _is_single_unit(self):
        return all(units == 1 for _product, _bom_line_id, units in self._parts()) and self._is_single()

    def _fraction_reason(self):
        """Why the quantity cannot be sent: it is no whole number of units of the SKU."""
        if self._is_single_unit():
            return self.product_id._fba_fraction_reason(self.quantity)
        return words(
            self.order_id,
            "unopened",
            sku=self.seller_sku,
            goods=", ".join(f"{units:g} × {product.display_name}" for product, units in self._per_unit().items()),
        )

    def _per_unit(self):
        """{product: its units in one unit of the SKU}."""
        per_unit = Counter()
        for product, _bom_line_id, units in self._parts():
            per_unit[product] += units
        return per_unit

    def _units_of(self, moves):
        """Units of the SKU that `moves` make: of a kit, the complete ones."""
        there = Counter()
        for move in moves:
            there[move.product_id] += move._fba_units()
        return min(_times(product, there[product], units) for product, units in self._per_unit().items())

    def _open_units(self):
        return self._units_of(self._open_moves())

    def _shares(self, moves, units):
        """{move: units of its product} of `units` of the SKU in `moves`, the first ones first."""
        shares = {}
        for good, wanted in self._wanted(units).items():
            same = moves.filtered(lambda move, good=good: self._part_of(move) == good)
            there, unit = sum(move._fba_units() for move in same), good[0].uom_id
            if units and _times(good[0], there, wanted / units) == units:
                wanted = there  # with the trifle
            for move in same:
                share = min(wanted, move._fba_units())
                wanted -= share
                if unit.compare(share, 0) > 0:
                    shares[move] = share
        return shares

    def _wanted(self, units):
        """{(product, BoM line's id or 0): units} of `units` of the SKU."""
        wanted = Counter()
        for product, bom_line_id, per_unit in self._parts():
            wanted[product, bom_line_id] += per_unit * units
        return wanted

    def _part_of(self, move):
        """(product, BoM line's id or 0) of the part that `move` brings; the bill may be another one now."""
        bom_line = move._fba_component()[1]
        same = [(product, line_id) for product, line_id, _units in self._parts() if product == move.product_id]
        exact = (move.product_id, bom_line.id if bom_line else 0)
        return exact if exact in same else next(iter(same), exact)

    def _unsource(self, moves, units):
        """`units` of the SKU in the open `moves` of this line have no source any more."""
        if self._is_single():
            moves._fba_unsource(units * self._parts()[0][2])
            return
        with self.sale_line_id._fba_counting_kits():
            for move, share in self._shares(moves, units).items():
                move._fba_reduce(share)

    def _unsource_all(self, moves):
        for move in moves:
            move._fba_unsource(move.product_qty)

    def _without_source(self):
        """Units of the SKU that have no source: of a component, those that an incomplete kit lacks."""
        sale_line = self.sale_line_id
        unsourced = sale_line.fba_unsourced_product_qty
        if not unsourced:
            return 0.0
        if not sale_line._fba_kit():
            return _times(self.product_id, unsourced, self.pack_size or 1)
        needed = sale_line._fba_components_needed(sale_line.move_ids.browse())
        there = Counter()
        for (product, _bom_line), units in needed.items():
            there[product] += units
        return min(_times(product, there[product], units) for product, units in self._per_unit().items())


def _times(product, there, units):
    """How often `units` of `product` are in `there`; parts that Odoo rounds, such as thirds, may miss a trifle."""
    if units == 1:
        return there
    whole = round(there / units)
    trifle = TRIFLE if float(units).is_integer() else product.uom_id.rounding * max(whole, 1)
    return float(whole) if abs(there - whole * units) <= trifle else there / units
