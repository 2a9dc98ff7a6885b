"""The simulator's time: it stops until a call advances it."""

from datetime import datetime, timedelta, timezone


class Clock:
    """One UTC time, whole seconds. Only the constructor looks at the real clock."""

    def __init__(self) -> None:
        self.now = datetime.now(timezone.utc).replace(microsecond=0)

    def after(self, seconds: float) -> datetime:
        """The time `seconds` from now."""
        return self.now + timedelta(seconds=seconds)


def dump_time(value: datetime) -> str:
    """ISO 8601 as Amazon writes it: `2026-11-23T10:00:00Z`."""
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str) -> datetime:
    """Read ISO 8601; a date is its midnight, no offset is UTC. Raises ValueError.

    A blank before the offset is read as the `+` it was before a client forgot to encode it.
    """
    text = text.strip().replace(" ", "+")
    if text.endswith(("Z", "z")):
        text = text[:-1] + "+00:00"
    main, dot, rest = text.partition(".")
    if dot:  # Python 3.10 reads fractions of 3 or 6 digits only
        digits = len(rest) - len(rest.lstrip("0123456789"))
        text = f"{main}.{rest[:digits][:6].ljust(6, '0')}{rest[digits:]}"
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=timezone.utc)
