"""Keys of AWS for the queue, where the account's other keys are: for administrators only."""

from odoo import api, fields, models
from odoo.addons.fba_connector.models.account.access import VARIABLES
from odoo.addons.fba_connector.models.account.fba_account_keys import key_field

AWS_KEYS = ("aws_access_key_id", "aws_secret_access_key")
VARIABLES |= {"aws_access_key_id": "AWS_ACCESS_KEY_ID", "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY"}


class FbaAccountKeys(models.Model):
    _inherit = "fba.account.keys"

    aws_access_key_id = fields.Char("Access Key ID", exportable=False)
    aws_secret_access_key = fields.Char("Secret Access Key", exportable=False)


class FbaAccount(models.Model):
    _inherit = "fba.account"

    aws_access_key_id = key_field("aws_access_key_id", "Access Key ID")
    aws_secret_access_key = key_field("aws_secret_access_key", "Secret Access Key")

    @api.depends(*(f"keys_id.{name}" for name in AWS_KEYS))
    def _compute_keys(self):
        return super()._compute_keys()
