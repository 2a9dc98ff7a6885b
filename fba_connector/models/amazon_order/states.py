"""States of an order sold on Amazon, in the inbox.

pending --shipped--> done
pending --cancelled, not ours--> ignored
pending, done, ignored --cannot be imported, read or compared--> error
done --processed again without its sale order--> pending, ignored
error --replayed--> pending, done, ignored
ignored --looked at again--> pending, done
"""

STATES = [("pending", "Waiting"), ("done", "Imported"), ("ignored", "Ignored"), ("error", "Error")]
TRANSITIONS = {
    "pending": {"done", "ignored", "error"},
    "done": {"pending", "ignored", "error"},
    "ignored": {"pending", "done", "error"},
    "error": {"pending", "done", "ignored"},
}
