"""Requests of clerks to the FBA administrators: an activity on the account, once for each subject."""

from odoo import models
from odoo.exceptions import AccessError, UserError

from ..shared.groups import MANAGER, USER
from ..shared.reader import as_reader, people_in_charge
from ..shared.sentence import in_words

REQUEST_ACTIVITY = "fba_connector.mail_activity_type_request"


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def _ask_administrators(self, subject, message, record=None):
        """An activity for each FBA administrator of the company: `subject` (see in_words) as its summary, `message` and
        a link to `record` in its note. Returns {administrator: whether the request is a new one}.

        A request of the same subject that is still open stays alone, with the newest message. Raises AccessError,
        UserError where nobody is an administrator.
        """
        self.ensure_one()
        self._check_may_ask()
        self.check_access("read")
        administrators = people_in_charge(self.env, self.company_id, MANAGER)
        if not administrators:
            raise UserError(
                self.env._(
                    "Company %s has no FBA Administrator. Ask whoever manages Odoo's users to make somebody one.",
                    self.company_id.name,
                )
            )
        asked, link = {}, record and record._get_html_link()
        for administrator in administrators:
            account = as_reader(self.sudo(), administrator)
            summary = in_words(account, subject)
            there = account._requests(summary).filtered(lambda it, user=administrator: it.user_id == user)
            asked[administrator] = not there
            if there:
                there.note = account._activity_note(message, link)
            else:
                account._schedule_for(administrator, REQUEST_ACTIVITY, message, link, summary=summary)
        return asked

    def _check_may_ask(self):
        if not (self.env.su or self.env.user.has_group(USER)):
            raise AccessError(self.env._("Only FBA Users may ask the administrators of an account."))

    def _requests(self, *summaries):
        """Open activities with one of these summaries."""
        return self.activity_search([REQUEST_ACTIVITY], additional_domain=[("summary", "in", summaries)])

    def _end_requests(self, *subjects):
        """What the administrators were asked for under these `subjects` is done."""
        for account in self.sudo():
            if account.activity_search([REQUEST_ACTIVITY]):
                for administrator in people_in_charge(self.env, account.company_id, MANAGER):
                    reader = as_reader(account, administrator)
                    reader._requests(*(in_words(reader, subject) for subject in subjects)).unlink()

    def _notify_asked(self, asked):
        """A notification on whom Odoo has asked, or had asked before (see _ask_administrators)."""
        names = ", ".join(user.name for user in asked)
        if any(asked.values()):
            return self._notification("success", self.env._("Odoo has asked %s by an activity.", names))
        return self._notification("info", self.env._("%s was asked already; the activity is still open.", names))
