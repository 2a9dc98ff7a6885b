"""States of a fulfillment order: their transitions and the actions they allow.

Ours, until Amazon may know of the order:

    waiting --reserved--> ready
    ready, queued --no longer reserved--> waiting
    ready, exception --submit, retry--> queued
    queued --changed, closed, too expensive--> ready
    exception --waits for stock again--> waiting
    waiting, ready, queued, exception --released--> cancelled

Sending, exactly once:

    queued --lease--> submitting
    queued, submitting --refused, unclear--> exception
    submitting --certainly not arrived--> queued
    submitting --accepted--> in_shipping
    exception --retry of what is unclear--> submitting
    waiting, ready, queued, exception, cancelled --sighted at Amazon--> submitting
    exception --adopted--> in_shipping

At Amazon:

    in_shipping --ended--> shipped, cancelled
    in_shipping, shipped, cancelled --unfillable--> exception
    exception --resolved--> in_shipping, shipped, cancelled
    cancelled --shipped after all--> shipped
"""

from ...amazon import outbound

STATES = [
    ("waiting", "Waiting for Stock"),
    ("ready", "Ready to Process"),
    ("queued", "Queued"),
    ("submitting", "Sending"),
    ("in_shipping", "In Shipping"),
    ("shipped", "Shipped"),
    ("exception", "Amazon Order Exception"),
    ("cancelled", "Cancelled"),
]
CANCEL_REQUESTED = "cancel_requested"  # shown instead of the state
TRANSITIONS = {
    "waiting": {"ready", "submitting", "cancelled"},
    "ready": {"waiting", "queued", "submitting", "cancelled"},
    "queued": {"waiting", "ready", "submitting", "exception", "cancelled"},
    "submitting": {"queued", "in_shipping", "exception"},
    "in_shipping": {"shipped", "exception", "cancelled"},
    "shipped": {"exception"},
    "exception": {"waiting", "queued", "submitting", "in_shipping", "shipped", "cancelled"},
    "cancelled": {"exception", "submitting", "shipped"},
}
NOT_BEGUN = (False, outbound.NEW, outbound.RECEIVED, outbound.PLANNING)  # Amazon's statuses before it packs
UNSENT_STATES = ("waiting", "ready", "queued")  # follows the delivery, can be released
ENDED_STATES = ("shipped", "cancelled")
FOLLOWED_STATES = ("in_shipping", "shipped", "exception", "cancelled")  # tracking may come after the end
OPEN_STATES = tuple(state for state in TRANSITIONS if state not in ENDED_STATES)

# Error codes of our own, beside Amazon's.
INCOMPLETE, UNCLEAR, MISMATCH, UNFILLABLE = "Incomplete", "Unclear", "Mismatch", "Unfillable"
TWIN = "SentBefore"  # Amazon seems to have the same order under an ID that Odoo does not know
NOT_SUBMITTED = "NotSubmitted"  # by automation; a person still can

# Allowed actions: the states, and which of the orders in them.
ALLOWED = {
    "change": (("waiting", "ready", "exception"), lambda orders: orders.filtered(lambda it: not it.at_amazon)),
    "retry": (
        ("exception",),
        lambda orders: orders.filtered(lambda it: not it.submitted_at and it.error_code != MISMATCH)._not_forced(),
    ),
    "wait": (
        ("exception",),
        lambda orders: orders._that_may("retry").filtered(
            lambda it: not it.at_amazon and it.error_code != TWIN and it._lacks_stock()
        ),
    ),
    "adopt": (
        ("exception",),
        lambda orders: orders.filtered(lambda it: not it.submitted_at and it.error_code == MISMATCH),
    ),
    "end_doubt": (
        ("in_shipping", "exception"),
        lambda orders: orders.filtered(lambda it: it.contradiction_since and it.amazon_status not in NOT_BEGUN),
    ),
    "resolve": (("exception",), lambda orders: orders.filtered(lambda it: it.error_code == UNFILLABLE)),
    "cancel": (
        OPEN_STATES,
        lambda orders: orders.filtered(
            lambda it: it.amazon_status not in outbound.ENDED and not it.cancel_requested_at and not it._is_unclear()
        ),
    ),
}
