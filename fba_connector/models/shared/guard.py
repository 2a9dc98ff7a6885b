"""Refuses values set by hand: `readonly` binds the screens, not the RPC interface."""

from odoo.exceptions import AccessError

BY_CODE = object()  # the value of context keys of our own steps: any client can send a key, none can send an object


def is_by_code(records, *keys):
    """Whether one of these context keys of our own steps is set."""
    return any(records.env.context.get(key) is BY_CODE for key in keys)


def refuse_by_hand(records, vals, names):
    """Raises AccessError where a person, not the add-on's own code (sudo), sets one of `names`."""
    if not records.env.su and (touched := names & vals.keys()):
        raise AccessError(records.env._("Only the Amazon connector may set: %s.", ", ".join(sorted(touched))))


def refuse_new_by_hand(records, vals_list, names):
    """The same for new records: in their values, or as a default in the context, which any client can send, too."""
    defaults = {name for name in names if records.env.context.get(f"default_{name}")}
    refuse_by_hand(records, dict.fromkeys(defaults.union(*vals_list)), names)
