"""What grows in the database: bytes of each table with its indexes and what is kept beside it."""

from ..database import Database

ALL = "(database)"

TABLES = """
    SELECT name, size
      FROM (SELECT relname AS name, pg_total_relation_size(pg_class.oid) AS size
              FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
             WHERE nspname = 'public' AND relkind = 'r') tables
     WHERE size > 0
"""


def sizes(database: Database) -> dict[str, int]:
    """{table: bytes}, and of the whole database."""
    with database.environment() as env:
        env.cr.execute(TABLES)
        tables = dict(env.cr.fetchall())
        env.cr.execute("SELECT pg_database_size(current_database())")
        return {**tables, ALL: env.cr.fetchone()[0]}


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """{table: bytes} of those that changed."""
    change = {name: size - before.get(name, 0) for name, size in after.items()}
    return {name: size for name, size in change.items() if size}
