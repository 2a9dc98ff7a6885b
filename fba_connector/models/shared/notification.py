"""Notifications: what a button did, in words on the screen."""

CLOSE = {"type": "ir.actions.act_window_close"}
RELOAD = {"type": "ir.actions.client", "tag": "soft_reload"}


def notification(kind, message, then, **params):
    """The action that shows `message`, and goes on with the action `then`.

    `kind`: success, info, warning or danger. `params`: title, sticky, links ([{label, url}], one for each "%s" of the
    message).
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {"type": kind, "message": message, **params, "next": dict(then)},
    }
