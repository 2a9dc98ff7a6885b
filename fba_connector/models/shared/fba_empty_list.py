"""Words in an empty list: filters may have emptied it, while the action's help is about the first day."""

from markupsafe import Markup
from odoo import api, models


class FbaEmptyList(models.AbstractModel):
    """`_listed`: (model, domain) of what the list is made of; `_unsettled`: domain of those that wait for somebody."""

    _name = "fba.empty.list"
    _description = "List with Words for Being Empty"
    _listed = None
    _unsettled = []

    @api.model
    def get_empty_list_help(self, help_message):
        name, domain = self._listed
        if not self.env[name].search_count(domain, limit=1):
            return super().get_empty_list_help(help_message)
        if self.env[name].search_count([*domain, *self._unsettled], limit=1):
            text = self.env._("Remove a filter to see the rest: something is left to do there.")
        else:
            text = self.env._("Nothing is left to do. Remove the filters to see the rest.")
        title = self.env._("Nothing here with these filters")
        return Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>') % (title, text)
