"""What a notification says is to be looked at, until it was: one row, however many messages name it."""

from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from .fba_subscription import TYPES

# Amazon's answers may be older than its notifications: what has not changed yet is looked at again, so often.
LOOKS = 3
LOOK_AGAIN = timedelta(minutes=3)


class FbaNotice(models.Model):
    _name = "fba.notice"
    _description = "Amazon's Notice of a Change"
    _log_access = False
    _rec_name = "key"

    account_id = fields.Many2one("fba.account", required=True, readonly=True, ondelete="cascade")
    type = fields.Selection(TYPES, required=True, readonly=True)
    key = fields.Char(required=True, readonly=True, help="Order ID, seller SKU or report ID.")
    event_at = fields.Datetime(required=True, readonly=True, help="Time of the latest change, by Amazon's clock.")
    due_at = fields.Datetime(required=True, readonly=True)
    looks = fields.Integer(readonly=True)
    seen = fields.Char(readonly=True, help="What Odoo knew before it looked.")

    _account_key_unique = models.Constraint("UNIQUE(account_id, type, key)", "Each change is noted once.")

    def _note(self, changes):
        """Remember `changes` ({(account, type, key): latest time of a change, naive})."""
        now = fields.Datetime.now()
        rows = [
            SQL("(%s, %s, %s, %s, %s, 0)", account.id, type_, key, event_at, now)
            for (account, type_, key), event_at in sorted(changes.items(), key=lambda it: (it[0][0].id, *it[0][1:]))
        ]
        if rows:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO fba_notice AS known (account_id, type, key, event_at, due_at, looks) VALUES %s
                    ON CONFLICT (account_id, type, key) DO UPDATE
                            SET event_at = GREATEST(known.event_at, EXCLUDED.event_at), due_at = EXCLUDED.due_at,
                                looks = 0, seen = NULL
                    """,
                    SQL(", ").join(rows),
                )
            )
            self.invalidate_model()

    def _due(self, account, type_):
        """Those to look at now, which nobody else is looking at."""
        return self.search(_is_due(account, type_), order="due_at, id").try_lock_for_update()

    def _count_due(self, account, type_):
        return self.search_count(_is_due(account, type_))

    def _look_again(self):
        """Amazon's answer does not show the change yet. Those that were looked at too often are left to polling."""
        self.filtered(lambda notice: notice.looks >= LOOKS - 1).unlink()
        for looks, notices in self.exists().grouped("looks").items():
            notices.write({"looks": looks + 1, "due_at": fields.Datetime.now() + LOOK_AGAIN})


def _is_due(account, type_):
    return [("account_id", "=", account.id), ("type", "=", type_), ("due_at", "<=", fields.Datetime.now())]
