"""First run, dashboard and health of the accounts.

sentences              stored sentences
fba_account_guide      the guide from the keys to going live
fba_account_dashboard  a card for each account
fba_task_lock          which scheduled work is late
fba_account_health     JSON for monitoring
"""

from . import fba_account_guide
from . import fba_account_dashboard
from . import fba_task_lock
from . import fba_account_health
