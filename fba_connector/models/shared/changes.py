"""Amazon tells everything again each time: what stays the same is not written."""


def write_changed(record, values, **also):
    """Write those of `values` (plain ones, no relations) that `record` does not have yet; whether there were any.

    `also`: values to go with them.
    """
    changed = {name: value for name, value in values.items() if record[name] != value}
    if changed:
        record.write({**changed, **also})
    return bool(changed)
