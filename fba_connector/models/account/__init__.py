from . import fba_account
from . import fba_account_keys
from . import fba_account_runs
