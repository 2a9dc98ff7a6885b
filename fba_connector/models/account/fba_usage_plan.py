"""What Amazon's usage plans have left, for all processes on all machines: a row for each seller and operation.

Calls are leased by the few, each lease in a short transaction of its own, so that a process asks the database once for
several calls. The database's clock counts: machines need not agree on the time.
"""

import logging
from dataclasses import dataclass, field
from datetime import timedelta

import psycopg2
from odoo import api, fields, models
from odoo.sql_db import db_connect
from odoo.tools import SQL

from ... import amazon

_logger = logging.getLogger(__name__)

FULL_AFTER = timedelta(days=1)  # any bucket: its row says nothing any more

# A row that others change meanwhile is waited for, and then read as it is now.
AS_IT_IS = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED"


class FbaUsagePlan(models.Model):
    _name = "fba.usage.plan"
    _description = "Calls Left in Amazon's Usage Plan"
    _log_access = False
    _rec_name = "operation"

    seller = fields.Char(required=True, readonly=True, help="Digest of the application and the selling account.")
    operation = fields.Char(required=True, readonly=True)
    calls = fields.Float("Calls Left", readonly=True, help="Negative: so many calls have their turn and wait for it.")
    counted_at = fields.Float(readonly=True, help="When there were so many calls, in seconds since 1970.")

    _seller_operation_unique = models.Constraint(
        "UNIQUE(seller, operation)", "Each seller has one plan for each operation."
    )

    @api.autovacuum
    def _gc_full(self):
        old = fields.Datetime.now() - FULL_AFTER
        self.search([("counted_at", "<", old.timestamp())]).unlink()


@dataclass(frozen=True)
class SharedPlan:
    """An amazon.Plan of `seller` (see amazon.seller_key), in `database`; usable from any thread.

    Where the database does not answer, this process keeps its own count: a call too many is refused by Amazon, and
    repeated.
    """

    database: str
    seller: str
    own: amazon.OwnPlan = field(default_factory=amazon.OwnPlan, compare=False)

    def lease(self, bucket, most, patience_s, clock):
        def shared(cr):
            calls = self._lease_there(cr, bucket, most, patience_s, clock)
            if calls is None:
                return amazon.Lease((1 - self._recount(cr, bucket, clock)) / bucket.rate, 0)
            return amazon.Lease((1 - calls) / bucket.rate, most)

        return self._in_database(shared, lambda: self.own.lease(bucket, most, patience_s, clock))

    def empty(self, bucket, clock):
        self._in_database(lambda cr: self._empty(cr, bucket, clock), lambda: self.own.empty(bucket, clock))

    def left(self, bucket, clock):
        return self._in_database(lambda cr: self._left(cr, bucket, clock), lambda: self.own.left(bucket, clock))

    def _in_database(self, shared, alone):
        """`shared(cr)` in a short transaction of its own, or, where the database does not answer, `alone()`."""
        try:
            with db_connect(self.database).cursor() as cr:
                cr.execute(AS_IT_IS)
                return shared(cr)
        except psycopg2.Error as error:
            _logger.warning("FBA: Amazon's usage plan is not shared with other processes: %s", error)
            return alone()

    def _lease_there(self, cr, bucket, most, patience_s, clock):
        """The calls that were there before `most` were taken; None where the first would have to wait too long."""
        values = {"most": most, "needed": 1 - bucket.rate * patience_s, **self._new_row(bucket, clock)}
        cr.execute(
            SQL(
                """
                INSERT INTO fba_usage_plan AS plan (seller, operation, calls, counted_at)
                     SELECT %(seller)s, %(operation)s, %(size)s - %(most)s, %(now)s
                ON CONFLICT (seller, operation) DO UPDATE
                        SET calls = %(there)s - %(most)s, counted_at = EXCLUDED.counted_at
                      WHERE %(there)s >= %(needed)s
                  RETURNING calls + %(most)s
                """,
                **values,
            )
        )
        row = cr.fetchone()
        return row and row[0]

    def _empty(self, cr, bucket, clock):
        cr.execute(
            SQL(
                """
                INSERT INTO fba_usage_plan AS plan (seller, operation, calls, counted_at)
                     SELECT %(seller)s, %(operation)s, 0, %(now)s
                ON CONFLICT (seller, operation) DO UPDATE
                        SET calls = LEAST(0, %(there)s), counted_at = EXCLUDED.counted_at
                """,
                **self._new_row(bucket, clock),
            )
        )

    def _recount(self, cr, bucket, clock):
        """What a bucket that has a row holds, which is counted from now on: its clock may have been put back."""
        cr.execute(
            SQL(
                """
                UPDATE fba_usage_plan AS plan SET calls = %s, counted_at = %s
                 WHERE seller = %s AND operation = %s RETURNING calls
                """,
                _there(bucket, _now(clock)),
                _now(clock),
                self.seller,
                bucket.operation,
            )
        )
        return cr.fetchone()[0]

    def _left(self, cr, bucket, clock):
        there = _there(bucket, _now(clock))
        query = "SELECT %s FROM fba_usage_plan AS plan WHERE seller = %s AND operation = %s"
        cr.execute(SQL(query, there, self.seller, bucket.operation))
        row = cr.fetchone()
        return row[0] if row else bucket.size

    def _new_row(self, bucket, clock):
        """Of a row that is new, or that is there as `plan`."""
        return {
            "seller": self.seller,
            "operation": bucket.operation,
            "size": float(bucket.size),
            "now": _now(clock),
            "there": _there(bucket, SQL("EXCLUDED.counted_at")),
        }


def _now(clock):
    return SQL("extract(epoch FROM clock_timestamp()) + %s", clock.ahead_s())


def _there(bucket, now):
    """What a bucket holds at `now`; a clock that was put back takes nothing away."""
    return SQL("LEAST(%s, plan.calls + GREATEST(0, %s - plan.counted_at) * %s)", float(bucket.size), now, bucket.rate)
