import importlib.util
import logging

import psycopg2
from odoo.exceptions import AccessError
from odoo.modules import get_module_path
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import FbaCase

SECRETS = {
    "lwa_client_id": "amzn1.application-oa2-client.TOPSECRET",
    "lwa_client_secret": "amzn1.oa2-cs.v1.TOPSECRET",
    "refresh_token": "Atzr|TOPSECRET",
}
NOBODY = 2**31 - 1  # an id of no record


@tagged("post_install", "-at_install")
class TestKeys(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "keys_manager", groups="fba_connector.group_fba_manager,base.group_allow_export"
        )

    def refused_values(self):
        """{column: values of fba_account that the database refuses there}, of all its constraints."""
        self.env.cr.execute(
            """
            SELECT a.attname, CASE c.contype WHEN 'c' THEN -1 ELSE %s END
              FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
             WHERE c.conrelid = 'fba_account'::regclass AND c.contype IN ('c', 'f', 'u')
             UNION ALL
            SELECT attname, NULL
              FROM pg_attribute
             WHERE attrelid = 'fba_account'::regclass AND attnum > 0 AND attnotnull AND attname != 'id'
            """,
            [NOBODY],
        )
        return self.env.cr.fetchall()

    def log_of(self, change, refusal=Exception):
        """What is logged where `change`, of a person or of the database, is refused or not."""
        with self.assertLogs("odoo", logging.INFO) as log:
            try:
                with self.env.cr.savepoint():
                    change()
                    self.env.flush_all()
                    self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except refusal:
                self.env.invalidate_all()
            logging.getLogger("odoo").info("the end")
        return "\n".join(log.output)

    def test_no_refusal_of_the_database_logs_a_key(self):
        other = self.env["fba.account"].create(self.account_values("Other", **SECRETS))
        self.env.flush_all()
        refused = self.refused_values()
        self.assertGreater(len(refused), 15)
        for column, value in refused:
            written = {**SECRETS, column: value or False}
            query = SQL("UPDATE fba_account SET %s = %s WHERE id = %s", SQL.identifier(column), value, other.id)
            with self.subTest(column=column, value=value):
                log = self.log_of(lambda query=query: self.env.cr.execute(query), psycopg2.IntegrityError)
                self.assertIn("bad query", log)
                for user in (self.manager, self.env.user):
                    record = other.with_user(user)
                    log += self.log_of(lambda record=record, written=written: record.write(written))
                    new = {**self.account_values("New"), **written, "refresh_token": "Atzr|TOPSECRET2"}
                    log += self.log_of(lambda record=record, new=new: record.create(new))
                self.assertNotIn("TOPSECRET", log)
        self.assertGreater(log.count("bad query"), 1, "the last one is refused by the database to people, too")

    def test_table_of_the_keys_refuses_nothing(self):
        self.env.cr.execute(
            "SELECT contype FROM pg_constraint WHERE conrelid = 'fba_account_keys'::regclass AND contype NOT IN ('n')"
        )
        self.assertEqual(self.env.cr.fetchall(), [("p",)], "the primary key alone")
        self.env.cr.execute(
            "SELECT attname, attnotnull, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = 'fba_account_keys'::regclass AND attnum > 0 AND attname != 'id'"
        )
        self.assertCountEqual(self.env.cr.fetchall(), [(name, False, "character varying") for name in SECRETS])

    def test_key_that_the_database_refuses_after_all_is_not_logged(self):
        self.env.cr.execute("ALTER TABLE fba_account_keys ADD CHECK (refresh_token NOT LIKE '%TOPSECRET')")
        log = self.log_of(lambda: self.account.with_user(self.manager).write(SECRETS), psycopg2.IntegrityError)
        self.assertNotEqual(self.account.refresh_token, SECRETS["refresh_token"])
        self.assertNotIn("TOPSECRET", log)

    def test_keys_are_kept_by_the_account_alone(self):
        account = self.env["fba.account"].with_user(self.manager).create(self.account_values("New", **SECRETS))
        account.invalidate_recordset()
        self.assertEqual({name: account[name] for name in SECRETS}, SECRETS)
        account.write({"refresh_token": "Atzr|other"})
        account.invalidate_recordset()
        self.assertEqual((account.refresh_token, account.lwa_client_id), ("Atzr|other", SECRETS["lwa_client_id"]))
        self.assertEqual(account.connection_state, "untested")
        rows = account.sudo().keys_id
        self.assertEqual(len(rows), 1)
        for leak in (
            lambda: account.keys_id,
            lambda: account.read(["keys_id"]),
            lambda: account.export_data(["keys_id/refresh_token"]),
            lambda: rows.with_user(self.manager).read(["refresh_token"]),
            lambda: rows.with_user(self.manager).write({"refresh_token": "x"}),
            lambda: self.env["fba.account.keys"].with_user(self.manager).search([("refresh_token", "!=", False)]),
        ):
            with self.assertRaises(AccessError):
                leak()
        self.assertFalse(any(account.copy()[name] for name in SECRETS))
        account.unlink()
        self.assertFalse(rows.exists())

    def test_update_moves_the_keys(self):
        self.account.write(SECRETS)
        self.env.flush_all()
        columns = ", ".join(f"ADD COLUMN {name} varchar" for name in SECRETS)
        self.env.cr.execute(f"ALTER TABLE fba_account {columns}")
        self.env.cr.execute(
            "UPDATE fba_account a SET lwa_client_id = k.lwa_client_id, lwa_client_secret = k.lwa_client_secret, "
            "refresh_token = k.refresh_token, keys_id = NULL FROM fba_account_keys k WHERE k.id = a.keys_id"
        )
        self.env.cr.execute("DELETE FROM fba_account_keys")
        path = f"{get_module_path('fba_connector')}/migrations/19.0.0.5.0/post-keys.py"
        spec = importlib.util.spec_from_file_location("fba_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        for _time in ("once", "again"):
            script.migrate(self.env.cr, "19.0.0.4.0")
            self.env.invalidate_all()
            self.assertEqual({name: self.account[name] for name in SECRETS}, SECRETS)
        self.env.cr.execute(
            "SELECT count(*) FROM information_schema.columns WHERE table_name = 'fba_account' AND column_name IN %s",
            [tuple(SECRETS)],
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))
