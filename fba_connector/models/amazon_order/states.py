"""States of an order sold on Amazon, in the inbox, and the reasons why one is ignored.

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

OUTCOMES = [
    ("own_order", "Our Own Order"),
    ("sold_elsewhere", "Sold Elsewhere"),
    ("not_fulfilled", "Not Fulfilled by Amazon"),
    ("too_early", "Before the Import Began"),
    ("cancelled", "Cancelled"),
    ("nothing_shipped", "Nothing Shipped"),
    ("twin", "Imported by Another Account"),
]
# Codes of the sentences (sentences.py) that say why.
OUTCOME_OF = {**{code: code for code, _label in OUTCOMES}, "twin_elsewhere": "twin"}
