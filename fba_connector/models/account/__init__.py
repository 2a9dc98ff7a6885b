"""Seller accounts: keys, connection, and the runner of all scheduled work.

fba_account             company, region, marketplaces, switches
access                  settings that lead to an account at Amazon
fba_account_key_row     keys in the database, in a table of their own
fba_account_keys        keys, in the database or in variables of the server
fba_account_overlap     accounts with the same keys
fba_usage_plan          calls that Amazon's usage plans have left
fba_call_count          calls of each day, beside what the plans allow
fba_account_ties        what forbids to archive, move or delete it
amazon_sentences        stored sentences of the gateway: reasons of its errors
sentences               stored sentences
fba_account_connection  tests of the connection, their results and reports
fba_account_runs        the runner: tasks, parts, items
fba_account_now         scheduled work that a clerk starts now
fba_account_requests    requests of clerks to the administrators
fba_step_job            jobs in steps, in the background
"""

from . import fba_account
from . import fba_account_key_row
from . import fba_usage_plan
from . import fba_call_count
from . import fba_account_keys
from . import fba_account_overlap
from . import fba_account_ties
from . import fba_account_connection
from . import fba_account_runs
from . import fba_account_now
from . import fba_account_requests
from . import fba_step_job
