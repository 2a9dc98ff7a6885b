"""Synchronization on demand: the scheduled one, started now in the background by a clerk."""

from odoo import models

from ..shared.groups import MANAGER


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def action_sync_inventory(self):
        """Synchronize now, in the background. Raises AccessError."""
        self.ensure_one()
        return self._synchronize_now()

    def _synchronize_now(self):
        """Synchronize those of these accounts that are ready; a notification says which, and why the others are not.

        Raises AccessError.
        """
        return self._start_now(
            "inventory",
            {account: account._not_synchronized_reason(ask=True) for account in self},
            lambda names: self.env._(
                "Odoo is synchronizing the stock of %s with Amazon. Reload the list in a minute.", names
            ),
            self.env._("Only FBA Users may synchronize stock."),
        )

    def _not_synchronized_reason(self, *, ask=False):
        """Why the stock of this account is not synchronized, and who can change that; False where it is.

        `ask`: if it is the first synchronization, and the user may not begin it, ask the administrators for it.
        """
        if reason := self._reason_idle():
            return reason
        if not self.sync_inventory:
            return self.env._(
                'Account "%s" does not synchronize stock: an FBA Administrator can switch it on.', self.name
            )
        if not self.first_sync_confirmed:
            reason = self.env._(
                'Account "%s" waits for its first synchronization: an FBA Administrator starts and confirms it.',
                self.name,
            )
            if not ask or self.env.user.has_group(MANAGER):
                return reason
            asked = self._ask_administrators(_first_sync, _how_to_sync_first)
            return f"{reason} {self._notify_asked(asked)['params']['message']}"
        return False

    def _settings_changed(self, before, vals):
        super()._settings_changed(before, vals)
        if "first_sync_confirmed" in before and self.first_sync_confirmed:
            self._end_requests(_first_sync)


def _first_sync(env):
    """The subject of the request for it."""
    return env._("Start the first synchronization")


def _how_to_sync_first(env):
    return env._("Press First Synchronization on the account. Odoo books none of its stock before.")
