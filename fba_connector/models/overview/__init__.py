from . import fba_account_health
from . import fba_account_dashboard
from . import fba_account_guide
