"""States of an import of earlier orders: a job counts, a person may look, the job fetches and books.

requested --reports first--> counting
requested --by the Orders API, without a look--> fetching
counting --dry run--> ready
counting --no dry run--> fetching
ready --started--> requested
fetching --all in the inbox--> asking
asking --all answered--> booking
booking --all decided--> done
requested, counting, fetching, asking, booking --error--> failed
failed --again--> requested
requested, counting, ready, fetching, asking, booking, failed --given up, other account at Amazon--> cancelled
"""

STATES = [
    ("requested", "Waiting to Start"),
    ("counting", "Reading Reports"),
    ("ready", "Ready to Start"),
    ("fetching", "Fetching Orders"),
    ("asking", "Asking Who Owes the Tax"),
    ("booking", "Booking"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
TRANSITIONS = {
    "requested": {"counting", "fetching", "failed", "cancelled"},
    "counting": {"ready", "fetching", "failed", "cancelled"},
    "ready": {"requested", "cancelled"},
    "fetching": {"asking", "failed", "cancelled"},
    "asking": {"booking", "failed", "cancelled"},
    "booking": {"done", "failed", "cancelled"},
    "done": set(),
    "failed": {"requested", "cancelled"},
    "cancelled": set(),
}
RUNNING_STATES = ("requested", "counting", "fetching", "asking", "booking")  # a job is at work
OPEN_STATES = (*RUNNING_STATES, "ready", "failed")
