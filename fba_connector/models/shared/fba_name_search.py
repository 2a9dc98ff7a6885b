"""Searches by the name of a related record: it is found first, so that PostgreSQL knows how few there are."""

from odoo import api, models
from odoo.fields import Domain

MOST = 300  # records of that name; more are left to a join
LIKE = ("ilike", "like", "=ilike", "=like")


class FbaNameSearch(models.AbstractModel):
    """For models with so many rows that `link ilike text`, beside another condition, must not read them all."""

    _name = "fba.name.search"
    _description = "Search by the Names of Related Records"

    @api.model
    def _search(self, domain, *args, **options):
        return super()._search(self._with_found(domain), *args, **options)

    @api.model
    @api.readonly
    def web_search_read(self, domain, *args, **options):
        """Finds them once for rows and count."""
        return super().web_search_read(self._with_found(domain), *args, **options)

    def _with_found(self, domain):
        """`domain` with the IDs of records in place of their names."""
        return _with_found(self, Domain(domain).optimize(self))


def _with_found(model, domain):
    def by_ids(condition):
        if condition.operator not in ("any", "any!") or not isinstance(condition.value, Domain):
            return condition
        field = model._fields[condition.field_expr]
        comodel = model.env[field.comodel_name]
        if field.type == "many2one" and _is_about_names(condition.value):
            bypass = condition.operator == "any!" or field.bypass_search_access
            # As Odoo searches for them: with the reader's rights, archived ones too.
            found = comodel._search(condition.value, limit=MOST + 1, active_test=False, bypass_access=bypass)
            ids = found.get_result_ids()
            return Domain(field.name, "in", ids) if len(ids) <= MOST else condition
        return Domain(field.name, condition.operator, _with_found(comodel, condition.value))

    return domain.map_conditions(by_ids)


def _is_about_names(domain):
    return all(it.field_expr == "display_name" and it.operator in LIKE for it in domain.iter_conditions())
