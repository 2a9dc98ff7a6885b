"""Keys move from the row of their account into a table of their own, and leave nothing behind."""

from odoo.tools.sql import column_exists

MOVE = """
    WITH numbered AS (
        UPDATE fba_account
           SET keys_id = nextval('fba_account_keys_id_seq')
         WHERE keys_id IS NULL
           AND COALESCE(lwa_client_id, lwa_client_secret, refresh_token) IS NOT NULL
     RETURNING keys_id, lwa_client_id, lwa_client_secret, refresh_token
    )
    INSERT INTO fba_account_keys (id, lwa_client_id, lwa_client_secret, refresh_token) SELECT * FROM numbered
"""
# A dropped column keeps its values on the disk.
ERASE = "UPDATE fba_account SET lwa_client_id = NULL, lwa_client_secret = NULL, refresh_token = NULL"
DROP = "ALTER TABLE fba_account DROP COLUMN lwa_client_id, DROP COLUMN lwa_client_secret, DROP COLUMN refresh_token"


def migrate(cr, version):
    if column_exists(cr, "fba_account", "refresh_token"):
        cr.execute(MOVE)
        cr.execute(ERASE)
        cr.execute(DROP)
