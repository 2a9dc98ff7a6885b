"""Refuses values set by hand: `readonly` binds the screens, not the RPC interface."""

from odoo.exceptions import AccessError


def refuse_by_hand(records, vals, names):
    """Raises AccessError where a person, not the add-on's own code (sudo), sets one of `names`."""
    if not records.env.su and (touched := names & vals.keys()):
        raise AccessError(records.env._("Only the Amazon connector may set: %s.", ", ".join(sorted(touched))))
