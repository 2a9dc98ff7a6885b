"""Sums of amounts in several currencies: Odoo adds up those it has no exchange rate for 1:1."""

from odoo import fields, models
from odoo.tools import SQL


class FbaMoney(models.AbstractModel):
    """For models with amounts that people add up in pivots, graphs and lists."""

    _name = "fba.money"
    _description = "Amounts in Several Currencies"

    def _read_group_select(self, aggregate_spec, query):
        """A sum in the company's currency is empty where Odoo has no rate of one of the amounts."""
        total = super()._read_group_select(aggregate_spec, query)
        name, _colon, aggregator = aggregate_spec.partition(":")
        if aggregator != "sum_currency":
            return total
        today, company = fields.Date.context_today(self), self.env.company
        active = self.env["res.currency"].search([("active", "=", True)])
        rates = active._fba_rates(company, [(currency, today) for currency in active])
        known = [company.currency_id.id, *(currency.id for currency, _day in rates)]
        currency = self._field_to_sql(self._table, self._fields[name].get_currency_field(self), query)
        return SQL("CASE WHEN bool_and(%s IS NULL OR %s IN %s) THEN %s END", currency, currency, tuple(known), total)
