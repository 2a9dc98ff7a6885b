"""Messages about changes go to their queues: a thread that lives as long as somebody subscribes."""

import threading

from ..control.controlled_world import ControlledWorld

INTERVAL_S = 0.2
"""How long a change may wait that no call makes: the clock's, or a test's in this process."""


class Publisher:
    """`attend` starts its thread where there is work; it ends by itself when there is none."""

    def __init__(self, world: ControlledWorld) -> None:
        self._world = world
        self._wake = threading.Event()
        self._closing = False
        self._thread: threading.Thread | None = None

    def attend(self) -> None:
        """A call may have changed something. The caller holds the world's lock."""
        if self._thread is None and self._has_work and not self._closing:
            self._thread = threading.Thread(target=self._run, name="amazon-simulator-publisher", daemon=True)
            self._thread.start()
        if self._world.notifications.outbox:
            self._wake.set()

    @property
    def _has_work(self) -> bool:
        kept = self._world.notifications
        return bool(kept.subscriptions or kept.outbox or self._world.delivery.waiting)

    def close(self) -> None:
        """End the thread; what waits stays in the world."""
        with self._world.lock:
            self._closing, thread = True, self._thread
        self._wake.set()
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            self._wake.wait(INTERVAL_S)
            self._wake.clear()
            if not self._closing:
                self._publish()
            with self._world.lock:
                if self._closing or not self._has_work:
                    self._thread = None
                    return

    def _publish(self) -> None:
        """One round; the world goes on while the messages are sent."""
        with self._world.lock:
            self._world.tell()
            outbox, delivery, queues = self._world.notifications.outbox, self._world.delivery, self._world.queues.copy()
            fresh = [outbox.popleft() for _ in range(len(outbox))]
            due = delivery.due(fresh)
        by_queue: dict[str, list[str]] = {}
        for message in due:
            by_queue.setdefault(message.arn, []).append(message.body)
        for arn, bodies in by_queue.items():
            posted = queues.post(arn, bodies)
            with self._world.lock:
                delivery.note(arn, posted)
