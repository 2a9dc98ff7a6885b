"""`make test`: gateway and simulator without Odoo, the add-on on Odoo with tours in a real browser, killed
workers, its removal, that benchmarks run."""

import argparse
import datetime
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from tempfile import TemporaryDirectory

from .host import beside
from .host.database import running_host
from .host.paths import ROOT, keyed
from .host.sqs import running_sqs
from .host.step import SetupError, exclusive, say, step
from .lanes import Job, run_jobs

PARTS = ("plain", "odoo", "queue", "notifications", "crash", "life", "bench")
DATABASE = f"fba_test_{keyed('test', str(ROOT)).name[-6:]}"
CRASH_DATABASE = DATABASE.replace("test", "crash")  # what workers do there stays
KITS_DATABASE = DATABASE.replace("test", "kits")  # with Manufacturing and more, which most shops do not have
KITS_MODULES = ("sale_mrp", "stock_picking_batch", "stock_dropshipping", "base_vat")  # the third with sale_purchase
QUEUE_DATABASE = DATABASE.replace("test", "queue")  # with OCA's job queue
QUEUE_MODULE = "fba_connector_queue"
NOTIFICATIONS_DATABASE = DATABASE.replace("test", "notify")
NOTIFICATIONS_MODULE = "fba_connector_notifications"
ODOO_TESTS = "fba_connector/tests"
# The others of these skip themselves without the modules.
KITS_TESTS = (ODOO_TESTS, "-k", "kit or doors or waves or purchases or buyers")
LANES = min((os.cpu_count() or 1) + 1, 4)  # one more than processors: each waits for PostgreSQL a third of its time
# Begun first: no lane is left with one of them at the end.
LONG = ("test_bad_days.py", "test_inventory_property.py", "test_sourcing_property.py", "test_tours.py")
TEMPLATE = "database templates"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make test")
    parser.add_argument("part", nargs="?", choices=("all", *PARTS), default="all", help="which tests (default: all)")
    parser.add_argument("--keep", action="store_true", help="use the test databases as the last run left them")
    parser.add_argument(
        "--kits",
        action="store_true",
        help="only what needs Manufacturing, batches or purchases, on a database with them",
    )
    arguments, words = parser.parse_known_args()  # the rest is pytest's
    parts = PARTS if arguments.part == "all" else (arguments.part,)
    if arguments.kits:
        return kits(words, keep=arguments.keep)
    if words:
        # Somebody looks at a few: one part after the other, and seen at once.
        by_name = {"plain": plain, "odoo": partial(odoo, keep=arguments.keep), "queue": queue, "crash": crash}
        by_name |= {"notifications": notifications} if arguments.part != "all" else {}
        by_name |= {"life": life, "bench": bench} if arguments.part != "all" else {}
        return max(abs(by_name[part](words)) for part in parts if part in by_name)
    with TemporaryDirectory() as claims:
        jobs = [job for part in parts for job in jobs_of(part, claims, arguments.keep, alone=len(parts) == 1)]
        if len(jobs) == 1:
            return abs(jobs[0].work())
        if any(job.after == TEMPLATE for job in jobs):
            jobs.insert(0, Job(TEMPLATE, templates, 150))
        with running_host():  # PostgreSQL for all of them
            return 0 if run_jobs(jobs, LANES) else 1


def templates() -> int:
    """What the others copy."""
    with running_host() as host:
        host.addon_template()
    return 0


def plain(words: list[str] = ()) -> int:
    say("==> Gateway and simulator, without Odoo")
    # Without its plugin: pytest-odoo wants a database for every test.
    return run(["-p", "no:odoo", *chosen(words, "tests")])


def odoo(words: list[str], database: str = DATABASE, *, keep: bool = False) -> int:
    say("==> The add-on on Odoo, in Chromium too")
    with exclusive(database), running_host() as host:
        if not (keep and host.has(database)):
            host.fresh(database)
        return run([*on_odoo(host, database), *chosen(words, ODOO_TESTS)])


def kits(words: list[str] = (), *, keep: bool = False) -> int:
    say("==> Kits, waves and purchases, with Manufacturing, batches and drop-shipping")
    with exclusive(KITS_DATABASE), running_host() as host:
        if not (keep and host.has(KITS_DATABASE)):
            host.fresh(KITS_DATABASE)
            with step("Manufacturing, batches, waves and drop-shipping on the test database"):
                host.install(KITS_DATABASE, *KITS_MODULES)
        return run([*on_odoo(host, KITS_DATABASE), *chosen(words, *KITS_TESTS)])


def queue(words: list[str] = ()) -> int:
    """Jobs on Odoo; then, unless `words` name others, real servers and a real runner, one after the other killed."""
    say("==> Jobs of queue_job, several servers")
    os.environ["ODOO_QUEUE_JOB_CHANNELS"] = "root:0"  # no runner but those that tests start
    with exclusive(QUEUE_DATABASE), running_host() as plain_host:
        host = plain_host.beside(beside.install(beside.PINS["queue"]))
        host.fresh(QUEUE_DATABASE)
        with step("The job queue on the test database"):
            host.install(QUEUE_DATABASE, QUEUE_MODULE)
        named = chosen(words, f"{QUEUE_MODULE}/tests", "queue_tests")
        on_servers = [word for word in named if word.startswith("queue_tests")]
        on_one = [word for word in named if word not in on_servers]
        status = run([*on_odoo(host, QUEUE_DATABASE), *on_one]) if any(map(_is_place, on_one)) else 0
        if status or not on_servers:
            return status
        with exclusive("crash-tests"), host.moved(QUEUE_DATABASE) as own:
            plain_words = [word for word in on_one if not _is_place(word)]
            options = ["-p", "no:odoo", f"--database={QUEUE_DATABASE}", f"--config={own.config}"]
            return run([*options, *on_servers, *plain_words])


def notifications(words: list[str] = ()) -> int:
    """Amazon's notifications through a real SQS server: moto's, on this machine."""
    say("==> Notifications of Amazon, through SQS")
    with exclusive(NOTIFICATIONS_DATABASE), running_host() as host, running_sqs() as url:
        host.fresh(NOTIFICATIONS_DATABASE)
        with step("Notifications on the test database"):
            host.install(NOTIFICATIONS_DATABASE, NOTIFICATIONS_MODULE)
        os.environ["FBA_SQS_URL"] = url
        return run([*on_odoo(host, NOTIFICATIONS_DATABASE), *chosen(words, f"{NOTIFICATIONS_MODULE}/tests")])


def on_odoo(host, database: str) -> list[str]:
    options = [f"--odoo-database={database}", f"--odoo-config={host.config}"]
    return [*options, "--odoo-http", "--odoo-log-level=warn"]


def crash(words: list[str] = ()) -> int:
    with exclusive("crash-tests"), running_host() as host:  # one at a time: they kill PostgreSQL too
        host.fresh(CRASH_DATABASE)
        with host.moved(CRASH_DATABASE) as own:
            say("==> Workers that are killed")
            # Not on its plugin either: Odoo's test mode would commit nothing.
            plain = ["-p", "no:odoo", f"--database={CRASH_DATABASE}", f"--config={own.config}"]
            return run([*plain, *chosen(words, "crash_tests")])


def life(words: list[str] = ()) -> int:
    say("==> Installed, updated, removed")
    return run(["-p", "no:odoo", *chosen(words, "life_tests")])


def bench(words: list[str] = ()) -> int:
    say("==> Benchmarks: only that they run")
    modules = ["scripts.bench", *([] if words else ["scripts.year", "scripts.scale"])]
    commands = [[sys.executable, "-m", module, "--quick", *words] for module in modules]
    return max(abs(subprocess.run(command, cwd=ROOT, check=False).returncode) for command in commands)


def worlds() -> int:
    from .worlds import of_the_day, visit  # which runs tests by this module

    return visit(of_the_day(datetime.date.today()))


def odoo_jobs(claims: str, keep: bool) -> Iterator[Job]:
    """Kits on a database of their own; two worlds; the add-on's other tests by as many processes as there are lanes.

    They share the files and begin last, so that all lanes end at about the same time.
    """
    yield Job("odoo: kits", partial(kits, keep=keep), 60, after=TEMPLATE)
    yield Job("odoo: two worlds", worlds, 240, after=TEMPLATE)
    words = ["-p", "scripts.claims", f"--claims={claims}", *addon_files()]
    for number in range(1, LANES + 1):
        database = DATABASE if number == 1 else f"{DATABASE}_{number}"
        yield Job(f"odoo: {number} of {LANES}", partial(odoo, words, database, keep=keep), 0, after=TEMPLATE)


def addon_files() -> list[str]:
    """Test files of the add-on, the long ones first."""
    names = sorted(path.name for path in (ROOT / ODOO_TESTS).glob("test_*.py"))
    return [f"{ODOO_TESTS}/{name}" for name in sorted(names, key=lambda name: name not in LONG)]


def life_jobs() -> Iterator[Job]:
    for path in sorted((ROOT / "life_tests").glob("test_*.py")):
        name = f"{path.parent.name}/{path.name}"
        yield Job(f"life: {path.stem.removeprefix('test_')}", partial(life, [name]), 60, after=TEMPLATE)


def jobs_of(part: str, claims: str, keep: bool, *, alone: bool) -> Iterator[Job]:
    if part == "plain":
        yield Job("plain", plain, 140)
    elif part == "odoo":
        yield from odoo_jobs(claims, keep)
    elif part == "queue":
        # Servers that are killed take a minute and a half: by `make test ARGS=queue` alone.
        words = [] if alone else [f"{QUEUE_MODULE}/tests"]
        yield Job("queue", partial(queue, words), 70, after=TEMPLATE)
    elif part == "notifications":
        yield Job("notifications", notifications, 60, after=TEMPLATE)
    elif part == "crash":
        yield Job("crash", crash, 240, after=TEMPLATE)
    elif part == "life":
        yield from life_jobs()
    else:
        yield Job("bench", bench, 150, after=TEMPLATE)


def chosen(words: list[str], *default: str) -> list[str]:
    """Words for pytest; where they name no file, all of this part."""
    return [*words, *([] if any(map(_is_place, words)) else default)]


def _is_place(word: str) -> bool:
    """Whether it names tests."""
    return (ROOT / word.partition("::")[0]).exists()


def run(words: list[str]) -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        say(f"\nThe tests stopped: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
