"""What a notification says is to be looked at, until it was: one row, however many messages name it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .fba_subscription import TYPES

# Amazon's answers may be older than its notifications: what has not changed yet is looked at again, so often.
LOOKS = 3
LOOK_AGAIN = timedelta(minutes=3)
KEPT = timedelta(days=1)  # polling has found all of it long since


class FbaNotice(models.Model):
    _name = "fba.notice"
    _description = "Amazon's Notice of a Change"
    _log_access = False
    _rec_name = "key"

    account_id = fields.Many2one("fba.account", required=True, readonly=True, ondelete="cascade")
    type = fields.Selection(TYPES, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="Order ID, or seller SKU.")
    event_at = fields.Datetime(required=True, readonly=True, help="Time of the latest change, by Amazon's clock.")
    noted_at = fields.Datetime(required=True, readonly=True, index=True)
    due_at = fields.Datetime(required=True, readonly=True)
    told = fields.Integer("Messages", readonly=True, default=1)
    looks = fields.Integer(readonly=True)
    seen = fields.Char(readonly=True, help="What Odoo knew before it looked.")

    _account_key_unique = models.Constraint("UNIQUE(account_id, type, key)", "Each change is noted once.")

    @api.autovacuum
    def _gc_old(self):
        self.search([("noted_at", "<", fields.Datetime.now() - KEPT)]).unlink()

    def _note(self, changes):
        """Remember `changes` ({(account, type, key): latest time of a change, naive})."""
        now = fields.Datetime.now()
        rows = [
            SQL("(%s, %s, %s, %s, %s, %s, 1, 0)", account.id, type_, key, event_at, now, now)
            for (account, type_, key), event_at in sorted(changes.items(), key=lambda it: (it[0][0].id, *it[0][1:]))
        ]
        if rows:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO fba_notice AS known (account_id, type, key, event_at, noted_at, due_at, told, looks)
                         VALUES %s
                    ON CONFLICT (account_id, type, key) DO UPDATE
                            SET event_at = GREATEST(known.event_at, EXCLUDED.event_at), noted_at = EXCLUDED.noted_at,
                                due_at = EXCLUDED.due_at, told = known.told + 1, looks = 0, seen = NULL
                    """,
                    SQL(", ").join(rows),
                )
            )
            self.invalidate_model()

    def _due(self, account, type_):
        """Those to look at now. They are not locked: whoever looks may take long, and the receiver must not wait."""
        return self.search(_is_due(account, type_), order="due_at, id")

    def _count_due(self, account, type_):
        return self.search_count(_is_due(account, type_))

    def _settle(self, told, again):
        """End these, but for those of `again` ({notice: what Odoo knew}), which are looked at again unless they were
        too often. One that was told anew meanwhile stays as it is (`told`: {notice's ID: messages until then})."""
        self.invalidate_recordset()
        same = self.exists().filtered(lambda notice: notice.told == told[notice.id])
        kept = same.filtered(lambda notice: notice in again and notice.looks < LOOKS - 1)
        (same - kept).unlink()
        for notice in kept:
            notice.write(
                {"looks": notice.looks + 1, "due_at": fields.Datetime.now() + LOOK_AGAIN, "seen": again[notice]}
            )


def _is_due(account, type_):
    return [("account_id", "=", account.id), ("type", "=", type_), ("due_at", "<=", fields.Datetime.now())]
