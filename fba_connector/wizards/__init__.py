from . import fba_submit_wizard
