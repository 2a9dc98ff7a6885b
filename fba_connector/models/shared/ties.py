"""Records that need another one as it is, in words."""

NAMED = 3  # so many names in a message


def ties_to(records, domain, words):
    """[text]: `words` with the names of the first `records` that meet `domain`, archived ones too; [] for none.

    `words`: {names} stands for the names.
    """
    records = records.sudo().with_context(active_test=False)
    found = records.search(domain, limit=NAMED + 1)
    if not found:
        return []
    names = [*found[:NAMED].mapped("display_name"), *(["…"] if len(found) > NAMED else [])]
    return [words.format(names=", ".join(names))]
