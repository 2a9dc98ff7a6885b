"""The only way for a record to change its state."""

from odoo import fields, models


class FbaStateful(models.AbstractModel):
    """For models with a plain field `state`; no other line writes it."""

    _name = "fba.stateful"
    _description = "Record with States"
    _transitions = {}  # {state: {states it may become}}

    state_since = fields.Datetime("In This State Since", default=fields.Datetime.now, readonly=True, copy=False)

    def _move_to(self, state, **values):
        """Give these records `state` and write `values`; records already in it keep their `state_since`.

        Raises ValueError, and changes nothing, if a record's state cannot become this one.
        """
        moved = self.filtered(lambda record: record.state != state)
        for record in moved:
            if state not in self._transitions.get(record.state, ()):
                raise ValueError(f"{record._name} {record.display_name}: {record.state} does not become {state}")
        if moved:
            moved.write({**values, "state": state, "state_since": fields.Datetime.now()})
        if values:
            (self - moved).write(values)
