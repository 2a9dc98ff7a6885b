"""The calendar of bookings: Amazon's moments on days on which the books of a company are open."""

from datetime import datetime, time, timedelta

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _fba_open_moment(self, moment):
        """`moment` (naive UTC), if the books are open on its day; otherwise a moment of their first open day."""
        closed = self._fba_closed_until(self._fba_day(moment))
        if not closed:
            return moment
        noon = datetime.combine(closed + timedelta(days=1), time(12))  # not before that day in any time zone
        now = fields.Datetime.now()
        return now if now < noon and not self._fba_closed_until(self._fba_day(now)) else noon

    def _fba_day(self, moment):
        """By UTC, as Odoo judges deliveries, or by the user's time zone, as it dates entries: whichever is earlier."""
        return min(moment.date(), fields.Datetime.context_timestamp(self, moment).date())

    def _fba_open_day(self, moment):
        """The day of `moment` (naive UTC) in the company's time zone, or the first one after it that is open to
        invoices of customers."""
        here = self.with_context(tz=self.partner_id.tz or self.env.tz.zone)
        day = fields.Datetime.context_timestamp(here, moment).date()
        closed = self._fba_closed_until(day, invoices=True)
        return closed + timedelta(days=1) if closed else day

    def _fba_closed_until(self, day, *, invoices=False):
        """The last closed day, if stock (`invoices`: invoices of customers) can be booked neither on `day` nor on those
        before; otherwise False.

        Sales, purchases and tax returns have locks of their own, which stock does not follow.
        """
        locks = self._get_lock_date_violations(
            day, fiscalyear=True, sale=invoices, purchase=False, tax=invoices, hard=True
        )
        return max((closed for closed, _lock in locks), default=False)
