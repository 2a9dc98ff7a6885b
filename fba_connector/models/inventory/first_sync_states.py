"""States of a first synchronization: a job reads and counts, a person confirms, a job books.

requested --job starts--> pulling
requested --only seller SKUs--> counting
pulling --shipments read--> importing
importing --orders read--> counting
counting --compared--> ready
counting --only seller SKUs--> done
ready --confirmed--> confirmed
confirmed --booked--> done
requested, pulling, importing, counting, confirmed --error--> failed
ready, failed --again--> requested
requested, pulling, importing, counting, ready, confirmed, failed --given up, other account at Amazon--> cancelled
"""

STATES = [
    ("requested", "Waiting to Start"),
    ("pulling", "Reading Shipments"),
    ("importing", "Reading Orders Sold on Amazon"),
    ("counting", "Counting Stock"),
    ("ready", "Ready to Confirm"),
    ("confirmed", "Booking"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
TRANSITIONS = {
    "requested": {"pulling", "counting", "failed", "cancelled"},
    "pulling": {"importing", "failed", "cancelled"},
    "importing": {"counting", "failed", "cancelled"},
    "counting": {"ready", "done", "failed", "cancelled"},
    "ready": {"requested", "confirmed", "cancelled"},
    "confirmed": {"done", "failed", "cancelled"},
    "done": set(),
    "failed": {"requested", "cancelled"},
    "cancelled": set(),
}
RUNNING_STATES = ("requested", "pulling", "importing", "counting", "confirmed")  # a job is at work
OPEN_STATES = (*RUNNING_STATES, "ready", "failed")
