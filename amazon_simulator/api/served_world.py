"""A world that sellers call: access tokens, usage plans, pages of lists, reports, subscriptions."""

from datetime import datetime
from itertools import count

from ..world.sellers import Application, Seller
from ..world.world import World
from .notifications_events import of_change, of_report
from .notifications_kept import Notifications
from .paging import Pages
from .queues import Queues
from .report_file import ReportFile
from .throttle import Throttle

TOKEN_LIFE_S = 3600
"""Seconds an access token lives. Source: SP-API, Connect to the SP-API, `expires_in`."""


class ServedWorld(World):
    """Amazon, and the calls it remembers."""

    def reset(self) -> None:
        super().reset()
        self.pages = Pages()
        self.throttle = Throttle()
        self.reports: dict[str, ReportFile] = {}
        self._unended: list[ReportFile] = []
        self.notifications = Notifications()
        self.queues = Queues()
        self._tokens: dict[str, tuple[Seller | Application, datetime]] = {}
        self._token_numbers = count(1)
        self._request_numbers = count(1)
        self._report_numbers = count(50001000001)

    def add_report(self, report: ReportFile) -> None:
        self.reports[report.report_id] = report
        self._unended.append(report)

    def listen(self, seller: str) -> None:
        """A subscription of this seller (by its refresh token) was made or deleted. The past is not told."""
        self.sellers[seller].changes.listening = self.notifications.has_subscriptions(seller)
        self._unended = [it for it in self._unended if it.ended_at > self.clock.now]

    def tell(self) -> None:
        """Write the messages about what changed since the last time; without subscriptions there is nothing to do."""
        if not self.notifications.subscriptions:
            return
        now = self.clock.now
        for token, seller in self.sellers.items():
            for subject, part in seller.changes.take():
                event = of_change(seller, subject, part, now)
                if event is not None and not seller.revoked:
                    self.notifications.publish(token, event, now)
        if any(it.ended_at <= now for it in self._unended):
            for report in (it for it in self._unended if it.ended_at <= now):
                seller = self.sellers[report.seller]
                if not seller.revoked:
                    self.notifications.publish(report.seller, of_report(seller, report), now)
            self._unended = [it for it in self._unended if it.ended_at > now]

    def new_report_id(self) -> str:
        return str(next(self._report_numbers))

    def new_request_id(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._request_numbers):012d}"

    def issue_token(self, caller: Seller | Application) -> str:
        """A new access token of a seller, or of an application for calls without one."""
        token = f"Atza|sim-{next(self._token_numbers)}"
        self._tokens[token] = (caller, self.clock.after(TOKEN_LIFE_S))
        return token

    def caller_of(self, token: str) -> tuple[Seller | Application | None, bool]:
        """Whose token this is, and whether it has expired."""
        caller, expires_at = self._tokens.get(token, (None, self.clock.now))
        if caller is None or (isinstance(caller, Seller) and caller.revoked):
            return None, False
        return caller, expires_at <= self.clock.now
