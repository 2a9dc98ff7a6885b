"""A batch of ours: what is the same for all of its records is looked up once.

Our own steps pass a `Batch` in the context (`fba_batch`); no client can send one.
"""


class Batch:
    """`size`: about how many records of a kind it makes, so that numbers are drawn together."""

    def __init__(self, size):
        self._size = size
        self._found = {}
        self._numbers = {}

    def once(self, key, look_up):
        """The answer of `look_up()`, asked for the first time only."""
        if key not in self._found:
            self._found[key] = look_up()
        return self._found[key]

    def draw_number(self, cr, sequence):
        """The next number of a PostgreSQL `sequence`; those that are left over are lost, as in any rollback."""
        numbers = self._numbers.setdefault(sequence, [])
        if not numbers:
            cr.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, self._size])
            numbers += [number for (number,) in reversed(cr.fetchall())]
        return numbers.pop()


def batch_of(records):
    """The batch that these records are part of; None if they are of none."""
    batch = records.env.context.get("fba_batch")
    return batch if isinstance(batch, Batch) else None


def once(records, key, look_up):
    """`look_up()`; within a batch asked once for each `key` of the same model, user, companies, language, and context
    defaults; archived records apart."""
    batch = batch_of(records)
    if not batch:
        return look_up()
    env = records.env
    seen = env.context.get("active_test", True), *(env.context.get("allowed_company_ids") or ())
    defaults = sorted((name, repr(value)) for name, value in env.context.items() if name.startswith("default_"))
    return batch.once((records._name, env.uid, env.su, env.company.id, env.lang, seen, *defaults, key), look_up)
