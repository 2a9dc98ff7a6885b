"""State and reason of a confirmation follow Odoo's e-mail now; what was stored is the stage before and after it."""

RENAMED = {"mail_state": "mail_stage", "mail_error": "mail_note"}


def migrate(cr, version):
    cr.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'fba_shipment'")
    columns = {name for (name,) in cr.fetchall()}
    for old, new in RENAMED.items():
        if old in columns and new not in columns:
            cr.execute(f"ALTER TABLE fba_shipment RENAME COLUMN {old} TO {new}")
    cr.execute("DROP INDEX IF EXISTS fba_shipment__mail_state_index")
