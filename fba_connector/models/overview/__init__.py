from . import fba_account_guide
from . import fba_account_dashboard
from . import fba_account_health
