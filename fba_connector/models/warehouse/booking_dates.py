"""Dates of deliveries and moves about to be done."""


class BookingDates:
    """`by_picking`: {id of a delivery: naive UTC}; `other`: that of moves without one of these, or None for now.

    For the context `fba_dates`: no client can send an object.
    """

    def __init__(self, by_picking, other=None):
        self._by_picking, self._other = by_picking, other

    def of_picking(self, picking, now):
        return self._by_picking.get(picking.id, self._other or now)

    def of_move(self, move, now):
        return self.of_picking(move.picking_id, now)


def dates_in(env):
    """The BookingDates of the context, or None."""
    dates = env.context.get("fba_dates")
    return dates if isinstance(dates, BookingDates) else None
