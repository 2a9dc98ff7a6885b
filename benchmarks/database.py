"""A database of benchmarks, and what work in it costs."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence

from scripts.host.database import Host, running_host
from scripts.host.paths import ROOT, keyed
from scripts.host.step import exclusive

from .measure import Cost, timed

KEY = keyed("bench", str(ROOT)).name[-6:]
OURS, PLAIN = f"fba_bench_{KEY}", f"fba_plain_{KEY}"


class Database:
    """Made anew, with the add-on or of plain Odoo, or as it was left; what it needs of Odoo is imported once it is
    there."""

    def __init__(self, host: Host, name: str = OURS, *, anew: bool = True, modules: Sequence[str] = ()) -> None:
        if anew:
            host.fresh(name, addon=name != PLAIN)
        if modules:
            host.install(name, *modules)
        from odoo.modules.registry import Registry
        from odoo.tools import config

        words = ["--config", str(host.config), "--database", name, "--log-level", "error"]
        config.parse_config(words, setup_logging=True)
        self.name, self._registry = name, Registry(name)

    @contextlib.contextmanager
    def environment(self, user: int = 1) -> Iterator:
        """With nothing in memory yet, as a request or a scheduled action starts; committed at the end."""
        import odoo

        with self._registry.cursor() as cr:
            yield odoo.api.Environment(cr, user, {"allowed_company_ids": [1]} if user != 1 else {})

    def measure(self, work: Callable, user: int = 1) -> Cost:
        """What `work(env)` costs, the commit included."""
        cost = Cost()
        with timed(cost), self.environment(user) as env:
            work(env)
            env.flush_all()
            cost.queries += env.cr.sql_log_count
        return cost

    def analyze(self) -> None:
        """Let PostgreSQL look at how much there is, as it does by itself after a while."""
        self._do("ANALYZE")

    def vacuum(self) -> None:
        """The same, and note which pages hold only rows that everybody sees."""
        self._do("VACUUM ANALYZE")

    def _do(self, command: str) -> None:
        with contextlib.closing(self._registry.cursor()) as cr:
            cr._cnx.autocommit = True
            cr.execute(command)

    def copy(self, env, table: str, source_id: int, numbers: range, **changed: str) -> None:
        """A copy of a row for each of `numbers`, with columns `changed` to SQL of the number `n`."""
        from odoo.tools import SQL, sql

        columns = [name for name in sql.table_columns(env.cr, table) if name != "id" or "id" in changed]
        values = [SQL(changed[name]) if name in changed else SQL.identifier("source", name) for name in columns]
        env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM generate_series(%s, %s, %s) n, %s source "
                "WHERE source.id = %s ORDER BY n",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values),
                numbers.start,
                numbers.stop - 1,
                numbers.step,
                SQL.identifier(table),
                source_id,
            )
        )


@contextlib.contextmanager
def hosted() -> Iterator[Host]:
    """The host, all for this run; what is said on the way does not mix with the line of figures."""
    with contextlib.redirect_stdout(sys.stderr), exclusive(OURS), running_host() as host:
        yield host
