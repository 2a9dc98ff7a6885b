"""Items of scheduled work: processed one by one, each with its own failure."""

from odoo import models


class FbaWorkItem(models.AbstractModel):
    """See `fba.account._for_each`."""

    _name = "fba.work.item"
    _description = "Item of Scheduled Work"

    def _after_work(self):
        """Hook: work on these records is done, and about to be committed."""

    def _note_failure(self, reason):
        """Keep the reason (text) for the failure where a user sees it, and the time of the next try."""
        raise NotImplementedError
