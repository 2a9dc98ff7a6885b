"""The policy of an SQS queue: whether it lets Amazon's notifications in.

Source: SP-API, Set up notifications (Amazon SQS workflow): the principal, and what it must be allowed to do.
Statements with a condition allow nothing here: conditions are not evaluated.
"""

import json
from fnmatch import fnmatchcase
from typing import Any

PRINCIPALS = ("437568002678", "arn:aws:iam::437568002678:root", "*")
ACTION = "sqs:sendmessage"


def allows_notifications(policy: str, arn: str) -> bool:
    """Whether the queue's attribute Policy, a JSON text that may be empty, allows Amazon to send to `arn`."""
    try:
        document = json.loads(policy or "{}")
    except ValueError:
        return False
    statements = _listed(document.get("Statement") if isinstance(document, dict) else None)
    effects = {it.get("Effect") for it in statements if isinstance(it, dict) and _is_about_us(it, arn)}
    return "Allow" in effects and "Deny" not in effects


def _is_about_us(statement: dict[str, Any], arn: str) -> bool:
    if statement.get("Condition") and statement.get("Effect") == "Allow":
        return False
    principal = statement.get("Principal")
    principals = _listed(principal.get("AWS") if isinstance(principal, dict) else principal)
    return (
        any(it in PRINCIPALS for it in principals)
        and any(fnmatchcase(ACTION, str(it).lower()) for it in _listed(statement.get("Action")))
        and any(fnmatchcase(arn, str(it)) for it in _listed(statement.get("Resource")))
    )


def _listed(value: Any) -> list[Any]:
    """Of a policy, one of something may stand for a list of it."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
