"""Accounts with the same keys: each marketplace is served by one of them, of whatever company."""

import os
import re
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import FbaCase

TWICE = "book each order and count all stock twice"


@tagged("post_install", "-at_install")
class TestOverlap(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.us, cls.ca, cls.mx = (cls.env.ref(f"fba_connector.marketplace_{code}") for code in ("us", "ca", "mx"))
        cls.company = cls.env.company
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

    def refused(self, change, words):
        with self.assertRaisesRegex(ValidationError, words) as caught, self.cr.savepoint():
            change()
        self.env.invalidate_all()
        self.assertIn(TWICE, str(caught.exception))
        self.assertNotIn("Atzr|demo", str(caught.exception))
        return str(caught.exception)

    def test_new_account_with_the_keys_and_a_marketplace_of_another(self):
        words = f'"Second store" and "Test store".*{re.escape(self.us.display_name)}'
        self.refused(lambda: self.new_account(self.us), words)
        message = self.refused(lambda: self.new_account(self.us, self.ca), words)
        self.assertNotIn(self.ca.display_name, message)

    def test_one_seller_of_two_companies(self):
        """Each serves marketplaces of its own; the names of one are not told to the other."""
        second = self.new_account(self.ca, user=self.stranger, company_id=self.elsewhere.id)
        message = self.refused(lambda: second.write({"marketplace_ids": [Command.link(self.us.id)]}), "another company")
        self.assertIn(f"{self.us.display_name} already", message)
        self.assertNotIn("Test store", message)
        self.assertIn("FBA Administrator of that company", message)
        ours = self.account.with_user(self.manager)
        message = self.refused(lambda: ours.write({"marketplace_ids": [Command.link(self.ca.id)]}), "another company")
        self.assertNotIn("Second store", message)
        self.manager.company_ids += self.elsewhere
        self.refused(lambda: ours.write({"marketplace_ids": [Command.link(self.ca.id)]}), '"Second store"')

    def test_every_way_to_the_same_seller_and_marketplace(self):
        seller = self.another_seller()
        other = self.new_account(self.us, **seller)
        self.refused(lambda: other.write({"refresh_token": "Atzr|demo"}), "Test store")
        self.assertEqual(other.refresh_token, seller["refresh_token"])
        other.write({"marketplace_ids": [Command.set(self.ca.ids)], "refresh_token": "Atzr|demo"})
        self.refused(lambda: other.write({"marketplace_ids": [Command.link(self.us.id)]}), "Test store")
        us = self.us.get_external_id()[self.us.id]
        loaded = other.load([".id", "marketplace_ids/id"], [[str(other.id), us]])
        self.assertIn(TWICE, loaded["messages"][0]["message"])
        other.write({"marketplace_ids": [Command.link(self.us.id)], **seller})  # other keys at once: another seller's
        other.active = False
        other.write({"refresh_token": "Atzr|demo"})
        self.refused(lambda: other.write({"active": True}), "Test store")
        other.write({"environment": "sandbox", "active": True})
        self.refused(lambda: other.write({"environment": "custom"}), "Test store")
        other.write({"environment": "custom", "api_endpoint": "http://127.0.0.1:9"})
        self.refused(lambda: other.write({"api_endpoint": self.account.api_endpoint}), "Test store")
        variables = {
            "FBA_TWICE_REFRESH_TOKEN": "Atzr|demo",
            "FBA_TWICE_API_ENDPOINT": self.account.api_endpoint,
        }
        with patch.dict(os.environ, variables):
            self.refused(lambda: other.write({"keys_prefix": "FBA_TWICE"}), "Test store")

    def test_accounts_without_keys_share_nothing(self):
        self.account.refresh_token = False
        other = self.new_account(self.us, refresh_token=False)
        copy = self.account.with_user(self.manager).copy()
        self.assertEqual(other.marketplace_ids, copy.marketplace_ids)

    def test_warehouse_of_a_marketplace_that_another_account_serves(self):
        """It would count the same stock, whatever the account imports."""
        other = self.new_account(self.ca)
        values = {"name": "Second", "code": "SEC", "is_afn": True, "fba_account_id": other.id}
        Warehouse = self.env["stock.warehouse"].with_user(self.manager)
        self.refused(lambda: Warehouse.create({**values, "fba_marketplace_id": self.us.id}), "Test store")
        afn = Warehouse.create({**values, "fba_marketplace_id": self.ca.id})
        self.refused(lambda: afn.write({"fba_marketplace_ids": [Command.link(self.us.id)]}), "Test store")
        self.account.marketplace_ids = self.mx
        self.refused(lambda: other.write({"marketplace_ids": [Command.link(self.us.id)]}), "Test store")

    def test_connection_takes_the_marketplaces_that_no_other_account_serves(self):
        credentials = {"client_id": "amzn1.application-oa2-client.demo", "client_secret": "demo-secret"}
        markets = [self.us.marketplace_id, self.ca.marketplace_id]
        self.control("POST", "sellers", refresh_token="Atzr|demo", marketplace_ids=markets, **credentials)
        other = self.new_account()
        other.action_test_connection()
        self.assertEqual((other.connection_state, other.marketplace_ids), ("ok", self.ca))

    def test_two_that_overlap_since_before_can_be_set_right(self):
        """As an older version let them be."""
        other = self.new_account(self.us, **self.another_seller())
        self.env.cr.execute("UPDATE fba_account_keys SET refresh_token = 'Atzr|demo'")
        self.env.invalidate_all()
        other.write({"name": "Renamed", "paused": True})
        self.refused(lambda: other.write({"marketplace_ids": [Command.link(self.ca.id)]}), "Test store")
        other.write({"marketplace_ids": [Command.set(self.ca.ids)]})
        other.active = False
