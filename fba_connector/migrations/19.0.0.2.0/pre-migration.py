"""Fills `state_since`, so that orders of the version before do not seem to have got their state by the update."""

FULFILLMENT_ORDERS = """
    ALTER TABLE fba_fulfillment_order ADD COLUMN IF NOT EXISTS state_since timestamp;
    UPDATE fba_fulfillment_order
       SET state_since = LEAST(  -- Amazon's times may lie ahead
               CASE state
                   WHEN 'queued' THEN queued_at
                   WHEN 'submitting' THEN first_sent_at
                   WHEN 'in_shipping' THEN submitted_at
                   WHEN 'shipped' THEN shipped_at
               END,
               write_date
           )
     WHERE state_since IS NULL
"""
INBOX = """
    ALTER TABLE fba_amazon_order ADD COLUMN IF NOT EXISTS state_since timestamp;
    UPDATE fba_amazon_order SET state_since = write_date WHERE state_since IS NULL
"""


def migrate(cr, version):
    cr.execute(FULFILLMENT_ORDERS)
    cr.execute(INBOX)
