"""Records of a request worked on together; where that fails, one by one, so that none stops the others."""

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY


def together(records, work, note, at_once):
    """{record: its outcome} of `work(records)`, for `at_once` of them at a time.

    Where it raises, nothing of it stays, and each is worked on alone; `note(record, error)` is the outcome of one that
    fails even so.
    """
    outcomes = {}
    for start in range(0, len(records), at_once):
        outcomes.update(_attempt(records[start : start + at_once], work, note))
    return outcomes


def _attempt(records, work, note):
    try:
        with records.env.cr.savepoint():
            return work(records)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise  # Odoo repeats the whole request
    except Exception as error:
        if len(records) > 1:
            return together(records, work, note, 1)
        return {records: note(records, error)}
