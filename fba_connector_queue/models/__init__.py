"""fba_account             scheduled work as jobs
fba_account_parts       bulk work in jobs of a hundred records
parts                   ... which do not get in each other's way
fba_account_runner      whether a job runner works, and what to do
fba_fulfillment_order   Amazon's answers that wait to be applied
queue_job               a failure that lasts is mailed once
"""

from . import fba_account, fba_account_parts, fba_account_runner, fba_fulfillment_order, queue_job
