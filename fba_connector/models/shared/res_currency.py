"""Exchange rates that Odoo converts with, and amounts by code.

Where Odoo has no rate, it converts 1:1, or at the oldest, without a word.
"""

from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.tools.misc import formatLang

# As res.currency._get_rates: the company's own rates come first, however old they are.
USED = """
    SELECT asked.currency_id, asked.day, used.name, used.is_only
      FROM unnest(%s::integer[], %s::date[]) AS asked (currency_id, day)
      JOIN LATERAL (
           SELECT rate.name,
                  NOT EXISTS (
                      SELECT FROM res_currency_rate other
                       WHERE other.currency_id = rate.currency_id AND other.id != rate.id
                         AND (other.company_id IS NULL OR other.company_id = rate_of.id)
                  ) AS is_only
             FROM res_currency_rate rate, (SELECT %s::integer AS id) rate_of
            WHERE rate.currency_id = asked.currency_id AND rate.name <= asked.day
              AND (rate.company_id IS NULL OR rate.company_id = rate_of.id)
         ORDER BY rate.company_id, rate.name DESC
            LIMIT 1
           ) used ON TRUE
"""


class UsedRate(NamedTuple):
    """`day`: from when it is; `is_only`: the company has no other rate of the currency."""

    day: date
    is_only: bool


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    def _fba_rates(self, company, asked):
        """{(currency, day): UsedRate} of the pairs `asked`: the rates of that day or the last one before it.

        Missing are those that Odoo cannot convert: it has no rate of the currency, or only later ones. The company's
        own currency needs none. One query.
        """
        foreign = [(currency, day) for currency, day in asked if currency != company.currency_id]
        if not foreign:
            return {}
        self.env["res.currency.rate"].flush_model(["name", "currency_id", "company_id"])
        ids, days = [currency.id for currency, _day in foreign], [day for _currency, day in foreign]
        self.env.cr.execute(USED, [ids, days, company.root_id.id])
        return {(self.browse(id_), day): UsedRate(*used) for id_, day, *used in self.env.cr.fetchall()}

    def _fba_by_code(self, amount):
        """Such as "USD 1,521.40", in the user's language: several currencies share a sign."""
        return f"{self.name} {formatLang(self.env, amount, digits=self.decimal_places)}"
