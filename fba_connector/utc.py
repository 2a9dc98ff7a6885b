"""Odoo's datetimes are naive UTC, the gateway's are aware: the two ways across."""

from datetime import datetime, timezone


def aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc)


def naive(moment: datetime | None) -> datetime | bool:
    """As a Datetime field wants it: whole seconds, False for none."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0) if moment else False
