"""Scheduled work that a clerk starts now, in the background."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

from ..shared.groups import USER


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def _start_now(self, task, reasons, started, refusal, again_after=timedelta(0)):
        """Start the scheduled action of `task` for those of these accounts that are ready; a notification names them,
        and says why the others are not.

        `reasons`: {account: why its work cannot start, and who can change that; False where it can}.
        `started`: function(names) -> the sentence on those that are ready. `refusal`: for users who may not start it.
        `again_after`: a run that began so short ago has found all there is.
        It does what it would do within the half hour, so it needs no administrator. Raises AccessError.
        """
        if not (self.env.su or self.env.user.has_group(USER)):
            raise AccessError(refusal)
        self.check_access("read")
        reasons = {account: reasons[account] or account._reason_to_wait(task, again_after) for account in self}
        ready = self.filtered(lambda account: not reasons[account])
        lines = [reason for reason in reasons.values() if reason]
        if ready:
            self._trigger_again(task, timedelta())
            lines.insert(0, started(", ".join(ready.mapped("name"))))
        elif not self:
            lines.append(self.env._("There is no Amazon account in your companies. An FBA Administrator can add one."))
        return self._notification("success" if len(ready) == len(self) and self else "warning", " ".join(lines))

    def _reason_to_wait(self, task, again_after):
        """Why another run of `task` would find nothing new; False where it may find something."""
        lock = self.sudo().task_lock_ids.filtered(lambda lock: lock.task == task)
        if lock._is_held():
            return self.env._('Odoo is at work on account "%s" already. Reload the list in a minute.', self.name)
        if lock.run_at and fields.Datetime.now() - lock.run_at < again_after:
            return self.env._(
                'Odoo has just done this for account "%(account)s". Try again in %(seconds)s seconds.',
                account=self.name,
                seconds=int(again_after.total_seconds()),
            )
        return False

    def _reason_idle(self):
        """Why this account's scheduled work does not run at all, and who can change that; False where it runs."""
        if not self.active or self.paused:
            return self.env._('Account "%s" is paused or archived: an FBA Administrator can resume it.', self.name)
        if not self.is_live:
            return self.env._('Account "%s" is not live yet: an FBA Administrator has to finish its guide.', self.name)
        return False
