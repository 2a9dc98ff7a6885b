"""A seller account: its company, region and marketplaces, and its switches."""

import math

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..shared.fba_marketplace import REGIONS
from ..shared.notification import RELOAD, notification
from .access import ENTERED


class FbaAccount(models.Model):
    _name = "fba.account"
    _description = "Amazon Seller Account"
    _inherit = ["fba.fulfillment.options", "mail.thread", "mail.activity.mixin"]
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    paused = fields.Boolean(tracking=True, help="Odoo sends nothing to this account and fetches nothing from it.")
    is_live = fields.Boolean(
        "Live",
        default=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="Off during setup with the guide: Odoo sends and fetches nothing automatically.",
    )
    region = fields.Selection(REGIONS, default="na", required=True)
    marketplace_ids = fields.Many2many(
        "fba.marketplace", string="Marketplaces", domain="[('region', '=', region)]", ondelete="restrict"
    )

    import_orders = fields.Boolean("Import Amazon Orders", default=True)
    sync_inventory = fields.Boolean("Synchronize Stock", default=True, help="Stock follows Amazon's own counts.")

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

    def copy_data(self, default=None):
        """A copy has no keys and is not live: two accounts with one seller's keys would do everything twice."""
        named = [{"name": self.env._("%s (copy)", account.name)} for account in self]
        vals_list = super().copy_data({"is_live": False, **(default or {})})
        return [
            {**vals, **({} if "name" in (default or {}) else name)} for vals, name in zip(vals_list, named, strict=True)
        ]

    def _add_task_locks(self):
        """A lock for each task that has none yet."""
        Lock = self.env["fba.task.lock"].sudo()
        Lock.create(
            [
                {"account_id": account.id, "task": task}
                for account in self
                for task in Lock._fields["task"].get_values(self.env)
                if task not in account.sudo().task_lock_ids.mapped("task")
            ]
        )

    @api.model
    def _valid_field_parameter(self, field, name):
        """`valid_for`: the settings of an account behind this field's value; when one changes, the value is cleared."""
        return name == "valid_for" or super()._valid_field_parameter(field, name)

    def write(self, vals):
        kept = [name for name in vals if name in ENTERED or (name in self._fields and self._fields[name].store)]
        before = {account: {name: account[name] for name in kept} for account in self.sudo()}
        done = super().write(vals)
        for account, values in before.items():
            changed = {name: value for name, value in values.items() if name in ENTERED or account[name] != value}
            if changed:
                account._settings_changed(changed, vals)
        return done

    def _settings_changed(self, before, vals):
        """Clear values that are no longer valid, except those just written with `vals`.

        `before`: {name of a changed field: its old value}.
        """
        stale = [
            field
            for field in self._fields.values()
            if before.keys() & set(getattr(field, "valid_for", ())) and field.name not in vals
        ]
        if stale:
            self.write({field.name: field.default(self) if field.default else False for field in stale})

    def _notification(self, kind, message):
        return notification(kind, message, RELOAD, sticky=kind == "warning")  # the record shows the problem

    def _pace_message(self, error):
        """The time to wait before the next call (amazon.Throttled)."""
        return self.env._(
            'Amazon limits the pace of account "%(account)s". Try again in about %(minutes)s minutes.',
            account=self.name,
            minutes=math.ceil(error.retry_after / 60),
        )

    def _check_may_call(self):
        """Raises UserError for an account that must not call Amazon."""
        for account in self:
            if account.paused or not account.active:
                raise UserError(self.env._('Account "%s" is paused: an FBA Administrator can resume it.', account.name))
            if missing := account._missing_message():
                raise UserError(self.env._('Account "%(account)s": %(missing)s', account=account.name, missing=missing))
