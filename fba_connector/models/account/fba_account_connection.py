"""The connection of a seller account: tests, results, and reports to administrators."""

from markupsafe import Markup
from odoo import fields, models

from ... import amazon
from ..shared.groups import MANAGER
from ..shared.reader import as_reader, in_charge, people_in_charge
from ..shared.sentence import SentenceField, in_words, say
from .access import ACCESS
from .fba_account_runs import reason_of
from .sentences import SENTENCES

TELLING_TASKS = ("pull", "import", "inventory")  # each ends by noting whether Amazon accepted its calls
TESTED = "test"  # in place of a task: a test of the keys by hand
NO_PROBLEM = ("untested", "ok")

# Error of a call -> the state of the connection, and the sentence; the first that fits.
PROBLEMS = (
    (lambda error: isinstance(error, amazon.Malformed), "unusable", "unusable"),
    (lambda error: isinstance(error, amazon.Rejected), "rejected", "rejected"),
    (lambda error: error.http_status, "at_fault", "at_fault"),
    (lambda error: True, "failed", "not_reached"),
)
KEYS_ACTIVITY = "fba_connector.mail_activity_type_keys"


class FbaAccount(models.Model):
    _inherit = "fba.account"
    _sentences = SENTENCES

    connection_state = fields.Selection(
        [
            ("untested", "Not Tested"),
            ("ok", "Connected"),
            ("refused", "Keys Refused"),
            ("failed", "Not Reachable"),
            ("at_fault", "Errors at Amazon"),
            ("unusable", "Unusable Answers"),
            ("rejected", "Request Rejected"),
            ("internal", "Error in Odoo"),
        ],
        default="untested",
        readonly=True,
        copy=False,
        valid_for=ACCESS,
        tracking=True,
    )
    connection_message = SentenceField(readonly=True, copy=False, valid_for=ACCESS)
    other_marketplace_ids = fields.Many2many(
        "fba.marketplace",
        "fba_account_other_marketplace_rel",
        string="In Other Regions",
        readonly=True,
        copy=False,
        valid_for=ACCESS,
        help="Marketplaces of the seller that need an account of their own.",
    )
    refused_task = fields.Char(readonly=True, copy=False, help="Scheduled work that failed or was refused.")

    def action_test_connection(self):
        """Ask Amazon whether the keys are valid; the answer stays on the account."""
        self.ensure_one()
        self.check_access("write")
        if missing := self._missing_message():
            self._set_connection("refused", missing)
        else:
            try:
                with self._open_gateway() as gateway:
                    access = gateway.try_access(
                        self.marketplace_ids.mapped("marketplace_id"),
                        orders=self.import_orders and self.environment != "sandbox",
                    )
            except amazon.Throttled as error:
                # This says nothing about the keys: their last known state stays.
                return self._notification("warning", self._pace_message(error))
            except amazon.AmazonError as error:
                self._note_connection_error(error)
            else:
                self._note_access(access)
        if self.connection_state == "ok":
            return self._notification("success", self.env._("Connected to Amazon."))
        return self._notification("danger", self.connection_message)

    def _note_access(self, access):
        """Keep the result of amazon.Access: the refused calls, in words that say what to do, and the marketplaces."""
        if access.refused and len(access.refused) == access.tried:
            message = say(
                "no_access",
                account=self.name,
                region=self.region,
                reason=next(iter(access.refused.values())).code,
            )
        elif access.refused:
            message = say("role_missing", account=self.name, operations=list(access.refused))
        else:
            message = False
        self._set_connection("refused" if message else "ok", message, TESTED if message else False)
        ids = [it.marketplace_id for it in access.participations if it.is_participating]
        markets = self.env["fba.marketplace"].search([("marketplace_id", "in", ids)])
        here = markets.filtered(lambda market: market.region == self.region)
        self.other_marketplace_ids = markets - here
        if not self.marketplace_ids:
            self.marketplace_ids = here

    def _note_connection_error(self, error, task=False):
        """Keep an AmazonError of `task` where an administrator sees it, in words that say what to do."""
        self.ensure_one()
        if isinstance(error, amazon.AuthenticationFailed):
            code = "wrong_keys" if isinstance(error, amazon.KeysRefused) else "refused"
            self._set_connection("refused", say(code, account=self.name, reason=reason_of(error)), task)
            return
        state, code = next((state, code) for holds, state, code in PROBLEMS if holds(error))
        self._set_connection(state, say(code, account=self.name, reason=reason_of(error), again=bool(task)), task)

    def _set_connection(self, state, message, task=False):
        """Written only when it changed: an idle run leaves no trace.

        Amazon may refuse or fail one kind of call and accept others: trouble ends when the same `task` works again, or
        with a test by hand. The result of a test by hand ends with the next test, or with other keys.
        """
        account = self.sudo()
        if (account.connection_state, account.connection_message) == (state, in_words(account, message)):
            return
        if (
            account.connection_state not in NO_PROBLEM
            and state == "ok"
            and task
            and account.refused_task not in (False, task)
        ):
            return
        refused_task = task if state not in NO_PROBLEM and task in (*TELLING_TASKS, TESTED) else False
        account.write({"connection_state": state, "connection_message": message, "refused_task": refused_task})
        if state == "refused":
            account._alert_administrators(message)
        elif state == "ok":
            account.activity_unlink([KEYS_ACTIVITY])

    def _alert_administrators(self, message):
        """One activity for each FBA administrator of the company, until Amazon accepts the keys again."""
        if self.activity_search([KEYS_ACTIVITY]):
            return
        for administrator in people_in_charge(self.env, self.company_id, MANAGER):
            self._schedule_for(administrator, KEYS_ACTIVITY, message)

    def _schedule_for(self, administrator, kind, message, link=None, **values):
        """An activity of `kind` for `administrator`, in that person's language, with `message` (see in_words) and a
        `link` as its note."""
        account = as_reader(self, administrator)
        note = account._activity_note(message, link)
        account.activity_schedule(kind, note=note, user_id=administrator.id, **values)

    def _activity_note(self, message, link=None):
        """`message` and `link` as the note of an activity."""
        note = Markup("<p>%s</p>") % in_words(self, message)
        return note + Markup("<p>%s</p>") % link if link else note

    def _responsible(self):
        """The person in whose language Odoo keeps what it says of this account."""
        return in_charge(self.env, self.company_id, MANAGER)
