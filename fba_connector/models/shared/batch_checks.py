"""What Odoo checks of each record, and a batch of ours of all records together: that they belong to one company."""

from odoo import models

from .batch import batch_of


class FbaBatchChecks(models.AbstractModel):
    """Before the model itself among what a class inherits, as `FbaBatchDefaults`."""

    _name = "fba.batch.checks"
    _description = "Company Checks, Once a Batch"

    def _check_company(self, fnames=None):
        """As in Odoo, which finds the words where something is wrong."""
        if not batch_of(self) or not self._fba_are_of_their_company(fnames):
            return super()._check_company(fnames)
        return None

    def _fba_are_of_their_company(self, fnames):
        """Whether all that these records name belongs to their company, or to the current one where Odoo keeps a value
        for each company."""
        names = self._fields if fnames is None or "company_id" in fnames else fnames
        fields = [field for field in map(self._fields.get, names) if field.relational and field.check_company]
        for company, records in self.grouped("company_id").items():
            for field in fields:
                named = records.sudo().mapped(field.name)
                domain = named._check_company_domain(self.env.company if field.company_dependent else company)
                if named and domain and named != named.with_context(active_test=False).filtered_domain(domain):
                    return False
        return True
