from . import test_account
from . import test_automation
from . import test_import
from . import test_kits
from . import test_manager
from . import test_order_changes
from . import test_pull
from . import test_push
from . import test_security
from . import test_sourcing
from . import test_sourcing_property
from . import test_submit
from . import test_tours
from . import test_warehouse
from . import test_first_sync
from . import test_inventory
from . import test_inventory_property
from . import test_review, test_review2, test_review3, test_review4
