"""A seller account: whose keys open which of Amazon's doors, and how its orders are handled."""

import math

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ... import amazon
from ..shared.fba_marketplace import REGIONS
from ..shared.fba_task_lock import TASKS

MANAGER = "fba_connector.group_fba_manager"
TELLING_TASKS = ("pull", "import", "inventory")  # each ends with a word on whether Amazon took its calls
TESTED = "test"  # in place of a task: what a person's test of the keys found
KEYS_ACTIVITY = "fba_connector.mail_activity_type_keys"


class FbaAccount(models.Model):
    _name = "fba.account"
    _description = "Amazon Seller Account"
    _inherit = ["fba.fulfillment.options", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    paused = fields.Boolean(tracking=True, help="Nothing is sent to this account or fetched from it.")
    is_live = fields.Boolean(
        "Live",
        default=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Off while the account is set up by the guide: nothing is sent or fetched by itself.",
    )
    region = fields.Selection(REGIONS, default="na", required=True)
    marketplace_ids = fields.Many2many("fba.marketplace", string="Marketplaces", domain="[('region', '=', region)]")

    import_orders = fields.Boolean("Import Amazon Orders", default=True)
    sync_inventory = fields.Boolean("Synchronize Stock", default=True, help="Stock follows Amazon's own counts.")

    connection_state = fields.Selection(
        [("untested", "Not Tested"), ("ok", "Connected"), ("refused", "Keys Refused"), ("failed", "Not Reachable")],
        default="untested",
        readonly=True,
        copy=False,
        tracking=True,
    )
    connection_message = fields.Char(readonly=True, copy=False)
    refused_task = fields.Char(readonly=True, copy=False, help="The scheduled work that Amazon refused.")
    task_lock_ids = fields.One2many("fba.task.lock", "account_id", readonly=True)

    @api.constrains("region", "marketplace_ids")
    def _check_marketplaces(self):
        for account in self:
            foreign = account.marketplace_ids - account.marketplace_ids.filtered_domain(
                [("region", "=", account.region)]
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "%(markets)s: not in the region of account %(account)s. Each region needs its own account.",
                        markets=", ".join(foreign.mapped("display_name")),
                        account=account.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._add_task_locks()
        return accounts

    def _add_task_locks(self):
        """A lock for each task that has none yet."""
        self.env["fba.task.lock"].sudo().create(
            [
                {"account_id": account.id, "task": task}
                for account in self
                for task, _label in TASKS
                if task not in account.sudo().task_lock_ids.mapped("task")
            ]
        )

    def action_test_connection(self):
        """Ask Amazon whether the keys are good; the answer stays on the account."""
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
                # Says nothing of the keys: what we knew of them stands.
                return self._notification("warning", self._pace_message(error))
            except amazon.AmazonError as error:
                self._note_connection_error(error)
            else:
                self._note_access(access)
        if self.connection_state == "ok":
            return self._notification("success", self.env._("Connected to Amazon."))
        return self._notification("danger", self.connection_message)

    def _note_access(self, access):
        """Keep what amazon.Access tells: what is not open, in words that say what to do, and where the seller sells."""
        if access.refused and len(access.refused) == access.tried:
            message = self.env._(
                'The keys of account "%(account)s" are good, but open nothing in %(region)s (%(reason)s): they are of '
                "another region, or the application has no role or is no longer authorized. Choose the region in which "
                "it is.",
                account=self.name,
                region=dict(self._fields["region"]._description_selection(self.env))[self.region],
                reason=next(iter(access.refused.values())).code,
            )
        elif refused := [self._roles()[name] for name in access.refused]:
            message = self.env._(
                'The application of account "%(account)s" lacks a role: %(roles)s. Add it to the application at '
                "Amazon, authorize again, and enter the new refresh token.",
                account=self.name,
                roles=", ".join(refused),
            )
        else:
            message = False
        self._set_connection("refused" if message else "ok", message, TESTED if message else False)
        if not self.marketplace_ids:
            ids = [it.marketplace_id for it in access.participations if it.is_participating]
            self.marketplace_ids = self.env["fba.marketplace"].search(
                [("marketplace_id", "in", ids), ("region", "=", self.region)]
            )

    def _roles(self):
        """{operation: the role that opens it, as Amazon names roles, and what for}."""
        return {
            "getMarketplaceParticipations": self.env._("Selling Partner Insights (marketplaces)"),
            "listAllFulfillmentOrders": self.env._("Amazon Fulfillment (orders of other channels)"),
            "getInventorySummaries": self.env._("Amazon Fulfillment (stock)"),
            "searchOrders": self.env._("Inventory and Order Tracking (orders sold on Amazon)"),
        }

    def _notification(self, kind, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": kind == "warning",  # what is wrong stands on the record
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _pace_message(self, error):
        """How long Amazon wants to be left in peace (amazon.Throttled)."""
        return self.env._(
            'Amazon limits the pace of account "%(account)s". Try again in about %(minutes)s minutes.',
            account=self.name,
            minutes=math.ceil(error.retry_after / 60),
        )

    def _check_may_call(self):
        """Raises UserError for an account that is not to call Amazon."""
        for account in self:
            if account.paused or not account.active:
                raise UserError(self.env._('Account "%s" is paused.', account.name))
            if missing := account._missing_message():
                raise UserError(self.env._('Account "%(account)s": %(missing)s', account=account.name, missing=missing))

    def _note_connection_error(self, error, task=False):
        """Keep an AmazonError of `task` where an administrator sees it, in words that say what to do."""
        self.ensure_one()
        if isinstance(error, amazon.AuthenticationFailed):
            message = self.env._(
                'Amazon refused the keys of account "%(account)s" (%(reason)s). '
                "Orders stay queued. Authorize again and enter the new keys here.",
                account=self.name,
                reason=error.user_message,
            )
            self._set_connection("refused", message, task)
        else:
            told = {"account": self.name, "reason": error.user_message}
            message = (
                self.env._(
                    'Amazon could not be reached for account "%(account)s" (%(reason)s). '
                    "It is tried again by itself; check the network and the endpoints if this goes on.",
                    **told,
                )
                if task
                else self.env._(
                    'Amazon could not be reached for account "%(account)s" (%(reason)s). '
                    "Check the network and the endpoints, then test again.",
                    **told,
                )
            )
            self._set_connection("failed", message)

    def _set_connection(self, state, message, task=False):
        """Written only when it changed: an idle run leaves no trace.

        Amazon may refuse one kind of call and take others: that is over when the same `task` works again, or a person
        tests the connection. What a person's test found is over with the next test, or with other keys.
        """
        account = self.sudo()
        if (account.connection_state, account.connection_message) == (state, message):
            return
        if (
            account.connection_state == "refused"
            and state == "ok"
            and task
            and account.refused_task not in (False, task)
        ):
            return
        refused_task = task if state == "refused" and task in (*TELLING_TASKS, TESTED) else False
        account.write({"connection_state": state, "connection_message": message, "refused_task": refused_task})
        if state == "refused":
            account._alert_administrators(message)
        elif state == "ok":
            account.activity_unlink([KEYS_ACTIVITY])

    def _alert_administrators(self, message):
        """Each FBA administrator of the company has it to do, once, until Amazon takes the keys again."""
        if self.activity_search([KEYS_ACTIVITY]):
            return
        administrators = self.env["res.users"].search(
            [
                ("all_group_ids", "in", self.env.ref(MANAGER).id),
                ("company_ids", "in", self.company_id.id),
                ("share", "=", False),
            ]
        )
        for administrator in administrators:
            self.activity_schedule(KEYS_ACTIVITY, note=Markup("<p>%s</p>") % message, user_id=administrator.id)
