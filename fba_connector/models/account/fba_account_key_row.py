"""The keys of an account, in a table of their own where the database refuses no value.

Where it refuses a row, Odoo logs the query, and the database's answer repeats the row: keys must be in neither.
"""

from odoo import api, fields, models
from odoo.tools import SQL


class FbaAccountKeys(models.Model):
    """One row an account: no constraints, and no access rights. The account's own fields read and write it."""

    _name = "fba.account.keys"
    _description = "Keys of an Amazon Seller Account"
    _log_access = False

    lwa_client_id = fields.Char("Client ID", exportable=False)
    lwa_client_secret = fields.Char("Client Secret", exportable=False)
    refresh_token = fields.Char(exportable=False)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create([{} for _vals in vals_list])
        for row, vals in zip(rows, vals_list, strict=True):
            row.write(vals)
        return rows

    @api.model
    def _key_names(self):
        """Names of all keys, of other add-ons too."""
        return [name for name, field in self._fields.items() if field.store and name != "id"]

    def write(self, vals):
        """Past the ORM, which logs a query that fails.

        The lock comes first: of two administrators who save at once, one fails there, in a query without keys.
        """
        keys = {name: vals[name] or None for name in self._key_names() if name in vals}
        done = super().write({})  # for the check of rights
        if keys and self:
            self.lock_for_update()
            values = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), key) for name, key in keys.items())
            query = SQL("UPDATE fba_account_keys SET %s WHERE id IN %s", values, tuple(self.ids))
            self.env.cr.execute(query, log_exceptions=False)
            self.invalidate_recordset(list(keys), flush=False)
            self.modified(list(keys))
        return done
