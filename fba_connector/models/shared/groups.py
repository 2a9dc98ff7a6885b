"""The add-on's access groups, and Odoo's."""

INTERNAL = "base.group_user"  # of each field of ours on a model that customers can read
USER = "fba_connector.group_fba_user"
MANAGER = "fba_connector.group_fba_manager"
