"""Amazon tells everything again each time: what stays the same is not written."""


def write_changed(record, values):
    """Write those of `values` (plain ones, no relations) that `record` does not have yet."""
    if changed := {name: value for name, value in values.items() if record[name] != value}:
        record.write(changed)
