"""`make worlds`: the core of the tests and schedules of bad days under other settings and states of Odoo."""

import argparse
import datetime
import importlib.util
import os
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack

from .host import beside
from .host.database import running_host
from .host.paths import ROOT, keyed
from .host.sqs import running_sqs
from .host.step import SetupError, exclusive, say, step
from .test import ODOO_TESTS, on_odoo, run

DATABASE = f"fba_world_{keyed('world', str(ROOT)).name[-6:]}"
SCHEDULES = 20
A_DAY = 2  # worlds that `make test` visits, other ones each day
# The core: what each test file says of the way of an order, of a sale on Amazon, of stock.
CORE = {
    "test_sourcing.py::TestSourcing": """
        button_moves_waiting_lines_to_amazon
        order_from_afn_warehouse_gets_its_fulfillment_order_at_confirmation
        without_stock_it_waits_and_follows_the_reservation
        button_when_reserved_elsewhere_is_refused_until_released
        two_lines_share_one_tally
        release_of_unsent_line_frees_stock_and_cancels
        released_line_can_be_delivered_from_the_own_warehouse
        queued_order_that_is_changed_is_not_sent_unseen
        cancelled_order_frees_everything
        quantity_changes_follow_while_unsent
        at_amazon_nothing_is_changed_by_hand
        release_of_a_two_step_delivery_before_the_pick
        """,
    "test_automation.py::TestAutomation": """
        always
        when_short_leaves_what_the_own_warehouse_has
        split_takes_the_available_part
        dozens_are_sourced_as_pieces
        arriving_stock_goes_to_those_who_wait_the_oldest_first
        ready_order_is_queued_at_once
        """,
    "test_submit.py::TestSubmit": """
        wizard_counts_orders_and_says_what_is_skipped_and_why
        dozens_are_sent_as_pieces
        """,
    "test_push.py::TestPush": """
        push_sends_what_amazon_needs
        rejected_order_is_an_exception_and_retried_with_the_same_id
        answer_lost_after_the_effect_is_looked_up_and_adopted
        line_released_before_sending_is_not_sent
        """,
    "test_pull.py::TestPull": """
        two_shipments_with_three_packages_replace_the_provisional_delivery
        ship_date_is_the_effective_date
        unfillable_quantity_is_freed_and_an_exception
        line_can_be_lowered_to_what_was_delivered
        cancelled_at_amazon_is_cancelled_and_freed
        pull_again_changes_nothing_and_reads_nothing
        tracking_that_comes_late_is_read_later
        short_stock_in_odoo_does_not_block_what_shipped
        dozen_of_which_a_part_is_unfillable_stays_whole_pieces
        return_is_no_supply
        """,
    "test_follow.py::TestFollow": """
        rest_of_an_exception_is_cancelled_at_amazon
        odoos_return_goes_to_the_own_warehouse
        one_lot_is_booked_and_of_several_none
        short_stock_sends_unsent_orders_back_to_waiting
        """,
    "test_cancelling.py::TestCancelling": """
        cancelled_order_waits_for_amazon_to_agree
        amazon_refuses_and_the_order_goes_on
        """,
    "test_resolve.py::TestResolve": """
        from_the_own_warehouse
        from_amazon_again_is_a_new_fulfillment_order
        drop
        """,
    "test_order_changes.py::TestOrderChanges": """
        the_long_way
        lowering_spares_what_was_sent
        raising_goes_beside_what_was_sent
        duplicate_starts_anew
        """,
    "test_import.py::TestImport": """
        shipped_order_becomes_a_delivered_sale_order
        later_change_of_quantity_keeps_amazons_price
        price_that_does_not_divide_gets_a_rounding_line
        import_again_changes_nothing
        unknown_sku_waits_for_its_mapping_and_stops_nobody
        gift_wrap_and_tip_are_booked_apart
        cancelled_after_import_is_told
        echo_of_our_own_order_is_linked_not_imported
        """,
    "test_import_life.py::TestImportLife": "amazons_dates_are_kept",
    "test_inventory.py::TestInventory": """
        counts_are_mirrored_and_the_locations_follow
        sent_order_keeps_its_stock_until_it_is_booked
        less_stock_than_reserved_takes_back_the_youngest_unsent
        amazons_sale_moves_to_held_then_leaves_from_there
        loss_is_booked_when_a_second_pass_confirms_it
        """,
    "test_sold_from.py::TestSoldFrom": """
        more_than_was_reserved_leaves_from_stock_the_youngest_first
        own_orders_sent_meanwhile_keep_their_units
        """,
    "test_shipment_mail.py::TestShipmentMail": "each_shipment_has_its_own_mail_with_its_items_and_links",
    "test_first_sync.py::TestFirstSync": "dialog_shows_what_it_would_book_and_books_it_when_agreed",
}
# With Manufacturing: another component that is missing, and a kit of which a part is shipped.
KITS = {
    "test_kits.py::TestKits": """
        button_sources_the_components
        part_shipped_kits_count_right
        components_that_amazon_ships_after_all_make_whole_kits
        """
}


def load():
    """{name: World}, without Odoo."""
    path = ROOT / ODOO_TESTS / "worlds.py"
    spec = importlib.util.spec_from_file_location("fba_worlds", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.WORLDS


def core(tests=CORE) -> list[str]:
    """Names of tests for pytest."""
    return [
        f"{ODOO_TESTS}/{place}::test_{name}" for place, names in tests.items() for name in names.split()
    ]  # in the order of the files: a file's class is set up once


def of_the_day(day: datetime.date) -> list[str]:
    """Two worlds, each as often as the others over the days."""
    names = sorted(name for name, world in load().items() if not (world.beside or world.needs_sqs))
    first = day.toordinal() * A_DAY
    return [names[(first + number) % len(names)] for number in range(min(A_DAY, len(names)))]


def main() -> int:
    worlds = load()
    parser = argparse.ArgumentParser(prog="make worlds")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"(default: all) {', '.join(worlds)}")
    parser.add_argument("--list", action="store_true", help="their names and what they are")
    parser.add_argument("--keep", action="store_true", help="use the databases as the last run left them")
    parser.add_argument("--schedules", type=int, default=SCHEDULES, help=f"of bad days (default: {SCHEDULES})")
    parser.add_argument("--seed", type=int, default=0, help="other schedules (default: 0)")
    arguments, words = parser.parse_known_args()  # the rest is pytest's
    if arguments.list:
        for name, world in worlds.items():
            say(f"{name:20} {world.__doc__.splitlines()[0]}")
        return 0
    if unknown := set(arguments.names) - set(worlds):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(worlds)}")
    return visit(arguments.names or list(worlds), arguments.schedules, arguments.seed, words, keep=arguments.keep)


def visit(names, schedules: int = SCHEDULES, seed: int = 0, words: Iterable[str] = (), *, keep: bool = False) -> int:
    """The number of worlds in which something failed, as exit status."""
    worlds, results = load(), {}
    made = set()  # databases: of those that need the same modules
    with exclusive(DATABASE), running_host() as host, ExitStack() as servers:
        if any(worlds[name].needs_sqs for name in names):
            os.environ["FBA_SQS_URL"] = servers.enter_context(running_sqs())
        for name in names:
            say(f"\n==> World {name}: {worlds[name].__doc__.splitlines()[0]}")
            pins = worlds[name].beside
            here = host.beside(beside.install(beside.PINS[pins])) if pins else host
            database = prepare(here, worlds[name], made, keep=keep)
            began = time.monotonic()
            os.environ.update(FBA_WORLD=name, FBA_SCHEDULES=str(schedules))
            tests = [*core(), *(core(KITS) if "sale_mrp" in worlds[name].modules else ())]
            tests += [f"{ODOO_TESTS}/test_beside.py"] if pins else []
            tests += [f"{ODOO_TESTS}/test_bad_days.py"] if schedules else []
            named = any(word.endswith(".py") or "::" in word for word in words)
            options = ["-rs", "-q", f"--hypothesis-seed={seed}", *words, *([] if named else tests)]
            results[name] = run([*on_odoo(here, database), *options]), time.monotonic() - began
    say("")
    for name, (status, seconds) in results.items():
        say(f"    {name:20} {'FAILED' if status else 'passed'}, {round(seconds)} s")
    return sum(1 for status, _seconds in results.values() if status)


def prepare(host, world, made: set[str], *, keep: bool) -> str:
    """A database with the modules and languages of `world`."""
    parts = [*world.modules, *world.languages]
    database = f"{DATABASE}_{keyed('parts', *parts).name[-4:]}" if parts else DATABASE
    if database in made or (keep and host.has(database)):
        return database
    host.fresh(database)
    if world.modules:
        with step(f"{', '.join(world.modules)} on the database"):
            host.install(database, *world.modules)
    if world.languages:
        with step(f"Words in {', '.join(world.languages)}"):
            host.load_languages(database, *world.languages)
    made.add(database)
    return database


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        say(f"\nThe worlds stopped: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
