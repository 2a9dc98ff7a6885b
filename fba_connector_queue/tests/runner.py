"""What others see of a job runner: the lock that it holds on a database."""

import psycopg2
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID
from odoo.sql_db import connection_info_for


def start_runner(database):
    """A connection that holds it; closing that ends it. Raises AssertionError where another one has it."""
    runner = psycopg2.connect(**connection_info_for(database)[1])
    with runner.cursor() as cr:
        cr.execute("SELECT pg_try_advisory_lock(%s)", [PG_ADVISORY_LOCK_ID])
        assert cr.fetchone()[0], "another runner works on this database"
    runner.commit()
    return runner


def stop_runner(runner):
    """At once, which a closed connection may not be."""
    with runner.cursor() as cr:
        cr.execute("SELECT pg_advisory_unlock(%s)", [PG_ADVISORY_LOCK_ID])
