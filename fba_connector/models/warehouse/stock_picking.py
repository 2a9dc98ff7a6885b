"""Deliveries and transfers of AFN warehouses: done at Amazon's moments, on dates that the books accept."""

from collections import Counter
from datetime import timedelta

from odoo import fields, models

from .booking_dates import BookingDates, dates_in

SECOND = timedelta(seconds=1)  # moves of the same second are in the order of their ids


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _fba_action_done(self, moments):
        """`_action_done` at `moments` ({picking: naive UTC, or False for now}), or at the next dates that the books
        accept.

        Odoo values a delivery at the cost of now, and the stock that is left by the order of dates: a delivery is never
        dated before a change of its goods' cost.
        """
        now = fields.Datetime.now()
        dates = {it: it.company_id._fba_open_moment(moments[it] or now) for it in self}
        changes = self._fba_cost_changes(dates)
        for picking, date in dates.items():
            later = [change for change in changes[picking] if change >= date]
            if later:
                dates[picking] = max(later) + SECOND
        booked = BookingDates({picking.id: date for picking, date in dates.items()})
        for together in self._fba_valued_together():
            together.with_context(fba_dates=booked)._action_done()

    def _fba_valued_together(self):
        """These deliveries in parts, in turn: in one call Odoo values goods that run out first in, first out otherwise
        than one delivery after the other."""
        for company, pickings in self.grouped("company_id").items():
            moves = pickings.move_ids.with_company(company)
            fifo = moves.product_id._fba_first_in_first_out()
            units = Counter()
            for move in moves if fifo else ():
                units[move.product_id] += move._fba_taken()
            stock = fifo.with_env(fifo[:1]._with_valuation_context().env) if fifo else fifo
            if len(pickings) > 1 and any(it.uom_id.compare(it.qty_available, units[it]) < 0 for it in stock):
                yield from pickings
            else:
                yield pickings

    def _fba_redate(self, moments):
        """Date done deliveries at `moments` ({picking: naive UTC}), as far as the books accept: not out of a closed
        period, not across a change of their goods' cost."""
        dates = {}
        for picking in self:
            known, date = picking.date_done, picking.company_id._fba_open_moment(moments[picking])
            if date != known and picking.company_id._fba_open_moment(known) == known:
                dates[picking] = date
        since = {picking: min(date, picking.date_done) for picking, date in dates.items()}
        changes = self.browse().union(*dates)._fba_cost_changes(since)
        for picking, date in dates.items():
            known = picking.date_done
            between = [change for change in changes[picking] if min(date, known) <= change <= max(date, known)]
            if between:
                date = min(known, max(between) + SECOND) if date < known else max(known, min(between) - SECOND)
            if date != known:
                picking.date_done = date

    def _fba_cost_changes(self, since):
        """{picking: moments since `since` ({picking: naive UTC}) that changed the cost of its goods}."""
        changes = {}
        for company, pickings in self.grouped("company_id").items():
            oldest = min(since[picking] for picking in pickings)
            by_product = pickings.move_ids.product_id.with_company(company)._fba_cost_changes_since(oldest)
            for picking in pickings:
                changes[picking] = [
                    it for product in picking.move_ids.product_id for it in by_product.get(product.id, ())
                ]
        return changes

    def write(self, vals):
        dates = "date_done" in vals and dates_in(self.env)
        if not dates:
            return super().write(vals)
        by_date = self.grouped(lambda picking: dates.of_picking(picking, vals["date_done"]))
        for date, pickings in by_date.items():
            super(StockPicking, pickings).write({**vals, "date_done": date})
        return True

    def _fba_open_schedule(self):
        """Reschedule open deliveries of a closed period: Odoo would refuse all changes of them."""
        for picking in self.filtered(lambda it: it.state not in ("done", "cancel") and it._is_date_in_lock_period()):
            picking.scheduled_date = picking.company_id._fba_open_moment(picking.scheduled_date)

    def _is_date_in_lock_period(self):
        """A schedule of Amazon's is not in the books: only the date on which goods have left is."""
        warehouse = self.picking_type_id.warehouse_id
        if warehouse.id not in warehouse._fba_afn_ids():
            return super()._is_date_in_lock_period()
        return bool(self.date_done) and bool(self.company_id._fba_closed_until(self.date_done.date()))
