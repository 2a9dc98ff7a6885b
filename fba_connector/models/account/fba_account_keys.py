"""The keys of an account, for administrators only: in the database (fba_account_key_row.py), or in the server's
environment."""

import os
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ... import amazon
from ..shared.groups import MANAGER
from ..shared.sentence import words
from .access import KEYS, VARIABLES
from .fba_call_count import CallMeter
from .fba_usage_plan import SharedPlan

PATIENCE_S = 10  # how long a person at a screen waits for room in Amazon's usage plan
# Users can name such variables only: the others on the server stay private.
PREFIX = re.compile(r"FBA(_[A-Z0-9]+)*")


def key_field(name, label):
    """A field of the account that lies in its row of `fba.account.keys`."""

    def keep_key(accounts):
        for account in accounts:
            row, key = account.sudo().keys_id, account[name]
            if key and not row:
                row = account.sudo().keys_id = row.create({})
            row.write({name: key})

    return fields.Char(
        label,
        compute="_compute_keys",
        inverse=keep_key,
        compute_sudo=True,
        groups=MANAGER,
        copy=False,
        exportable=False,
    )


class FbaAccount(models.Model):
    _inherit = "fba.account"

    environment = fields.Selection(
        [("production", "Production"), ("sandbox", "Amazon's Sandbox"), ("custom", "Custom Endpoints")],
        default="production",
        required=True,
    )
    api_endpoint = fields.Char("API Endpoint", help="Base URL, used with custom endpoints only.")
    lwa_endpoint = fields.Char("Token Endpoint", help="Full URL of the token service, used with custom endpoints only.")
    keys_prefix = fields.Char(
        "Keys in Variables",
        copy=False,
        help="Odoo reads the keys from the server's environment instead of the database: with FBA_US here, from the "
        "variables FBA_US_CLIENT_ID, FBA_US_CLIENT_SECRET and FBA_US_REFRESH_TOKEN, and custom endpoints from "
        "FBA_US_API_ENDPOINT and FBA_US_TOKEN_ENDPOINT.",
    )
    keys_id = fields.Many2one("fba.account.keys", copy=False, readonly=True, groups=fields.NO_ACCESS)
    lwa_client_id = key_field("lwa_client_id", "Client ID")
    lwa_client_secret = key_field("lwa_client_secret", "Client Secret")
    refresh_token = key_field("refresh_token", "Refresh Token")

    @api.depends(*(f"keys_id.{name}" for name in KEYS))
    def _compute_keys(self):
        for account in self:
            for name in account.keys_id._key_names():
                account[name] = account.keys_id[name]

    def unlink(self):
        rows = self.sudo().keys_id
        done = super().unlink()
        rows.unlink()
        return done

    @api.constrains("environment", "api_endpoint", "lwa_endpoint", "keys_prefix")
    def _check_endpoints(self):
        for account in self.filtered(lambda account: account.environment == "custom" and not account.keys_prefix):
            for url in (account.api_endpoint, account.lwa_endpoint):
                if not (url or "").startswith(("https://", "http://")):
                    raise ValidationError(
                        self.env._("Custom endpoints need both full addresses, such as https://host/path.")
                    )

    @api.constrains("keys_prefix")
    def _check_keys_prefix(self):
        for account in self:
            if account.keys_prefix and not PREFIX.fullmatch(account.keys_prefix):
                raise ValidationError(
                    self.env._(
                        "Names of key variables start with FBA, or with FBA_ and capital letters, such as FBA_US."
                    )
                )

    def _key(self, name):
        """The text of field `name` of VARIABLES, from this account's place for keys; "" if missing.

        Keys from the environment never go to an address from the database.
        """
        account = self.sudo()
        if prefix := account.keys_prefix:
            return os.environ.get(f"{prefix}_{VARIABLES[name]}", "")
        return account[name] or ""

    def _missing_message(self):
        """The missing keys, for a user; False if there are none."""
        needed = (*KEYS, "api_endpoint", "lwa_endpoint") if self.environment == "custom" else KEYS
        prefix = self.keys_prefix
        missing = [f"{prefix}_{VARIABLES[name]}" if prefix else name for name in needed if not self._key(name)]
        return missing and words(self, "keys_missing", names=missing)

    def _open_gateway(self, deadline_s=PATIENCE_S, task="screen"):
        """A gateway with this account's keys; a context manager that closes its connections.

        It waits for room in Amazon's usage plan for `deadline_s` seconds from now at most. `task` (of CALLERS): what
        the calls are counted for.
        """
        self.ensure_one()
        if self.environment == "custom":
            api_endpoint, lwa_endpoint = self._key("api_endpoint"), self._key("lwa_endpoint")
        else:
            api_endpoint, lwa_endpoint = amazon.endpoints(self.environment, self.region)
        connection = amazon.Connection(
            api_endpoint=api_endpoint,
            lwa_endpoint=lwa_endpoint,
            client_id=self._key("lwa_client_id"),
            client_secret=self._key("lwa_client_secret"),
            refresh_token=self._key("refresh_token"),
            account=str(self.id),
        )
        plan = SharedPlan(self.env.cr.dbname, amazon.seller_key(connection))
        pace, meter = amazon.pace_of(connection, plan), CallMeter(self.env.registry, self.id, task)
        return amazon.Gateway(connection, deadline_s=deadline_s, pace=pace, meter=meter)
