"""Units of a stock move, in the unit of its product; and its date."""

from odoo import api, fields, models

from .booking_dates import BookingDates, dates_in

OPEN_STATES = ("confirmed", "waiting", "partially_available", "assigned")


class StockMove(models.Model):
    _inherit = "stock.move"

    def _fba_open(self):
        """The open ones: neither done nor cancelled."""
        return self.filtered(lambda move: move.state not in ("done", "cancel"))

    def _fba_units(self):
        """Units, in the product's unit, that have left or are to leave."""
        return self._fba_taken() if self.state == "done" else self.product_qty

    def _fba_taken(self):
        """Units, in the product's unit, that are reserved, or have left."""
        return self.product_uom._compute_quantity(self.quantity, self.product_id.uom_id, round=False)

    def _fba_lacks_units(self):
        """Whether fewer units are reserved than needed, whatever its state says."""
        return self.product_uom.compare(self.quantity, self.product_uom_qty) < 0

    def _fba_unreserved(self):
        """Units, in the product's unit, that nothing is reserved for."""
        return self.product_qty - self._fba_taken()

    # === AMAZON COUNTS PIECES === #

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._fba_use_product_unit()
        return moves

    def _fba_use_product_unit(self):
        """Plan deliveries from an AFN warehouse in the unit of the product, whatever unit it was ordered in: Odoo would
        round each shipment to the unit of the order, such as 5 pieces to 0.42 dozen."""
        for move in self:
            unit = move.product_id.uom_id
            if (
                move.product_uom != unit
                and move.picking_type_id.code == "outgoing"
                and move.picking_type_id.warehouse_id.is_afn
                and move.state in ("draft", *OPEN_STATES)
                and not move.move_line_ids
            ):
                move.write({"product_uom_qty": move.product_qty, "product_uom": unit.id})

    # === DATES === #

    def _fba_action_done_now(self):
        """`_action_done` of moves without a delivery, now or on the first open day of the books."""
        now = fields.Datetime.now()
        date = self.company_id._fba_open_moment(now)
        dated = self.with_context(fba_dates=BookingDates({}, date)) if date != now else self
        return dated._action_done()

    def write(self, vals):
        dates = vals.get("state") == "done" and "date" in vals and dates_in(self.env)
        if not dates:
            return super().write(vals)
        for date, moves in self.grouped(lambda move: dates.of_move(move, vals["date"])).items():
            super(StockMove, moves).write({**vals, "date": date})
        return True

    def _create_account_move(self):
        """Entries of the day on which the goods moved; each delivery has its own."""
        dates, now = dates_in(self.env), fields.Datetime.now()
        if not dates:
            return super()._create_account_move()
        entries = self.env["account.move"]
        for picking, moves in self.grouped("picking_id").items():
            day = fields.Datetime.context_timestamp(self, dates.of_picking(picking, now)).date()
            entries |= super(StockMove, moves.with_context(force_period_date=day))._create_account_move()
        return entries
