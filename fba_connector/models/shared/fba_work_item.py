"""Records that scheduled work goes through one by one: each by itself, its failure kept on it."""

from odoo import models


class FbaWorkItem(models.AbstractModel):
    """See `fba.account._for_each`."""

    _name = "fba.work.item"
    _description = "Item of Scheduled Work"

    def _after_work(self):
        """Hook: work on these records is done, and about to be committed."""

    def _note_failure(self, reason):
        """Keep why work on this record failed (text) where a person sees it, and when it is tried again."""
        raise NotImplementedError
