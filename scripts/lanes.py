"""Jobs that run beside each other: what each says is kept together and shown when it ends; Ctrl-C ends them all."""

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import IO

from .host.step import SetupError, say

HEARTBEAT_S = 60.0
PAUSE_S = 0.2
LAST_WORDS_S = 60.0  # to end what it has started: browsers, simulators, PostgreSQL


@dataclass(frozen=True)
class Job:
    """Work in a process of its own; its result is the exit status."""

    name: str
    work: Callable[[], int]
    seconds: int  # about; the longest begin first
    after: str = ""  # a job that has to succeed before


@dataclass
class _Running:
    process: multiprocessing.Process
    output: IO[bytes]
    since: float = field(default_factory=time.monotonic)


def run_jobs(jobs: Iterable[Job], lanes: int) -> bool:
    """Run all, so many at a time; whether all ended well."""
    run = _Run(list(jobs))
    handler = signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    try:
        run.until_done(lanes)
    finally:
        run.end_all()
        signal.signal(signal.SIGTERM, handler)
    return run.tell()


class _Run:
    def __init__(self, jobs: list[Job]) -> None:
        self._jobs = jobs
        self._waiting = sorted(jobs, key=lambda job: -job.seconds)
        self._running: dict[Job, _Running] = {}
        self._ended: dict[str, tuple[int | None, float]] = {}  # name -> (exit status, None if not run, seconds)
        self._started = self._said = time.monotonic()

    def until_done(self, lanes: int) -> None:
        while self._waiting or self._running:
            while len(self._running) < lanes and (job := self._next()):
                self._start(job)
            time.sleep(PAUSE_S)
            for job, running in list(self._running.items()):
                if not running.process.is_alive():
                    self._show_end(job)
            if time.monotonic() > self._said + HEARTBEAT_S:
                self._show_life()

    def _next(self) -> Job | None:
        """The longest of those that can begin. One that waited for a job that failed will not run at all."""
        for job in list(self._waiting):
            if job.after and job.after not in self._ended:
                continue
            self._waiting.remove(job)
            if not job.after or self._ended[job.after][0] == 0:
                return job
            self._ended[job.name] = (None, 0.0)
        return None

    def _start(self, job: Job) -> None:
        output = tempfile.TemporaryFile()
        process = multiprocessing.get_context("fork").Process(target=_live, args=(job, output))
        process.start()
        self._running[job] = _Running(process, output)
        say(f"==> {job.name}: begun")

    def _show_end(self, job: Job) -> None:
        running = self._running.pop(job)
        running.process.join()
        status, seconds = running.process.exitcode, time.monotonic() - running.since
        self._ended[job.name] = (status, seconds)
        say(f"\n==> {job.name}: {_verdict(status)} after {_time(seconds)}; what it said:")
        self._show(running.output)
        self._said = time.monotonic()

    def _show(self, output: IO[bytes]) -> None:
        output.seek(0)
        with output:
            say(output.read().decode(errors="replace"))

    def _show_life(self) -> None:
        now = time.monotonic()
        running = ", ".join(f"{job.name} ({_time(now - it.since)})" for job, it in self._running.items())
        say(f"    {_time(now - self._started)}: {running}; {len(self._waiting)} to come")
        self._said = now

    def end_all(self) -> None:
        """Those that are still there, with all they have started."""
        for running in self._running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.process.pid, signal.SIGINT)
        deadline = time.monotonic() + LAST_WORDS_S
        for job, running in self._running.items():
            running.process.join(max(0.0, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.process.pid, signal.SIGKILL)
            running.process.join()
            say(f"\n==> {job.name}: ended; what it said:")
            self._show(running.output)

    def tell(self) -> bool:
        say(f"\n==> All of it: {_time(time.monotonic() - self._started)}")
        for job in self._jobs:
            status, seconds = self._ended.get(job.name, (None, 0.0))
            words = f"not run, as {job.after} failed" if status is None else f"{_verdict(status)}, {_time(seconds)}"
            say(f"    {job.name:24} {words}")
        return all(self._ended.get(job.name, (1, 0.0))[0] == 0 for job in self._jobs)


def _live(job: Job, output: IO[bytes]) -> None:
    """The life of a job's process."""
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for stream in (1, 2):
        os.dup2(output.fileno(), stream)
    try:
        sys.exit(job.work())
    except SetupError as error:
        say(f"\nIt stopped: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _verdict(status: int) -> str:
    return f"FAILED (status {status})" if status else "passed"


def _time(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
