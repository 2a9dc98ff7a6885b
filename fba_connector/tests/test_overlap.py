"""Accounts with the same keys: each marketplace should be served by one of them, of whatever company."""

import os
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestOverlap(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.us, cls.ca, cls.mx = (cls.env.ref(f"fba_connector.marketplace_{code}") for code in ("us", "ca", "mx"))
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        groups = "fba_connector.group_fba_manager,stock.group_stock_manager"
        cls.manager = new_test_user(cls.env, "overlap_manager", groups=groups)
        cls.stranger = new_test_user(
            cls.env,
            "overlap_stranger",
            groups=groups,
            company_id=cls.elsewhere.id,
            company_ids=[Command.set(cls.elsewhere.ids)],
        )

    def new_account(self, *markets, user=None, **values):
        """As an administrator does."""
        markets = [Command.set(self.us.browse([it.id for it in markets]).ids)]
        values = self.account_values("Second store", marketplace_ids=markets, **values)
        return self.env["fba.account"].with_user(user or self.manager).create(values)

    def warning(self, account):
        self.env.invalidate_all()
        message = account.overlap_message or ""
        self.assertNotIn("Atzr|demo", message)
        return message

    def test_both_say_which_marketplace_and_account(self):
        ours = self.account.with_user(self.manager)
        self.assertFalse(self.warning(ours))
        other = self.new_account(self.us, self.ca)
        for account, its_twin in ((other, "Test store"), (ours, "Second store")):
            message = self.warning(account)
            self.assertIn(its_twin, message)
            self.assertIn(self.us.display_name, message)
            self.assertNotIn(self.ca.display_name, message)
        other.marketplace_ids = self.ca
        self.assertFalse(self.warning(ours) or self.warning(other))

    def test_names_of_another_company_are_not_told(self):
        second = self.new_account(self.us, user=self.stranger, company_id=self.elsewhere.id)
        for account, its_twin in ((second, "Test store"), (self.account.with_user(self.manager), "Second store")):
            self.assertIn("another company", self.warning(account))
            self.assertNotIn(its_twin, account.overlap_message)

    def test_every_way_to_the_same_seller(self):
        other = self.new_account(self.us, **self.another_seller())
        self.assertFalse(self.warning(other))
        other.refresh_token = "Atzr|demo"
        self.assertTrue(self.warning(other))
        other.environment = "sandbox"
        self.assertFalse(self.warning(other), "another world")
        other.write({"environment": "custom", "api_endpoint": self.account.api_endpoint, "refresh_token": False})
        self.assertFalse(self.warning(other), "no keys")
        variables = {"FBA_TWICE_REFRESH_TOKEN": "Atzr|demo", "FBA_TWICE_API_ENDPOINT": self.account.api_endpoint}
        with patch.dict(os.environ, variables):
            other.keys_prefix = "FBA_TWICE"
            self.assertTrue(self.warning(other))
            other.active = False
            self.assertFalse(self.warning(other) or self.warning(self.account.with_user(self.manager)))

    def test_warehouse_counts_the_same_stock_whatever_the_account_imports(self):
        other = self.new_account(self.ca)
        values = {"name": "Second", "code": "SEC", "is_afn": True, "fba_account_id": other.id}
        self.env["stock.warehouse"].with_user(self.manager).create({**values, "fba_marketplace_id": self.us.id})
        self.assertIn("Test store", self.warning(other))
