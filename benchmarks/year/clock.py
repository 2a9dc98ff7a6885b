"""Odoo's time, which stands where the week of the year does, and runs on from there."""

from datetime import datetime, timedelta, timezone


class Clock:
    """Shifts what Odoo takes for now, in Python and for new rows. Made before the models are loaded: they keep
    `Datetime.now` for defaults."""

    def __init__(self) -> None:
        from odoo.fields import Date, Datetime
        from odoo.sql_db import BaseCursor

        self._ahead = timedelta()
        of_transaction = BaseCursor.now

        def transaction_now(cursor):
            if cursor._now is None:
                of_transaction(cursor)
                cursor._now += self._ahead
            return cursor._now

        BaseCursor.now = transaction_now
        Datetime.now = staticmethod(lambda *_: self.now())
        Date.today = staticmethod(lambda *_: self.now().date())

    def now(self) -> datetime:
        """UTC, whole seconds."""
        return (datetime.now(timezone.utc).replace(tzinfo=None) + self._ahead).replace(microsecond=0)

    def set(self, moment: datetime) -> None:
        self._ahead += moment - self.now()

    def advance(self, pause: timedelta) -> None:
        self._ahead += pause
