"""The add-on's access groups."""

USER = "fba_connector.group_fba_user"
MANAGER = "fba_connector.group_fba_manager"
