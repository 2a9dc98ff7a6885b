"""Writes changed values only: Amazon returns everything with each answer."""


def write_changed(record, values, **also):
    """Write those of `values` (plain ones, no relations) that differ from `record`'s; return whether any did.

    `also`: further values to write with them.
    """
    changed = {name: value for name, value in values.items() if record[name] != value}
    if changed:
        record.write({**changed, **also})
    return bool(changed)
