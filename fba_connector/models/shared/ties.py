"""Records that need another one as it is, in words."""

NAMED = 3  # so many names in a message


def in_short(env, names, count=None):
    """The first of `names` as text, with the number of the others. `count`: of all, where `names` are the first."""
    count = len(names) if count is None else count
    text = ", ".join(names[:NAMED])
    return env._("%(names)s and %(count)s more", names=text, count=count - NAMED) if count > NAMED else text


def ties_to(records, domain, words):
    """[text]: `words` with the names of the first `records` that meet `domain`, archived ones too; [] for none.

    `words`: {names} stands for the names.
    """
    records = records.sudo().with_context(active_test=False)
    found = records.search(domain, limit=NAMED + 1)
    if not found:
        return []
    count = records.search_count(domain) if len(found) > NAMED else len(found)
    return [words.format(names=in_short(records.env, found.mapped("display_name"), count))]
