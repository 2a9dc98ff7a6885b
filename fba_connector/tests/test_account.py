from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestAccount(FbaCase):
    def test_connection_with_good_keys_is_connected(self):
        action = self.account.action_test_connection()
        self.assertEqual(self.account.connection_state, "ok")
        self.assertEqual(action["params"]["type"], "success")

    def test_connection_with_wrong_token_says_so_on_the_account(self):
        self.account.refresh_token = "Atzr|wrong"
        self.account.action_test_connection()
        self.assertEqual(self.account.connection_state, "refused")
        self.assertIn("invalid_grant", self.account.connection_message)
        self.assertIn("Test store", self.account.connection_message)
        self.assertNotIn("Atzr|wrong", self.account.connection_message)

    def test_connection_without_keys_names_them(self):
        self.account.write({"refresh_token": False, "lwa_client_secret": False})
        self.account.action_test_connection()
        self.assertEqual(self.account.connection_message, "Not filled in: Client Secret, Refresh Token.")
        self.assertFalse(self.journal("lwaToken"))

    def test_connection_without_server_says_so_on_the_account(self):
        self.account.api_endpoint = "http://127.0.0.1:9"
        self.account.action_test_connection()
        self.assertEqual(self.account.connection_state, "failed")

    def test_connection_at_a_plan_that_is_used_up_says_when_and_keeps_what_was_known(self):
        self.account.action_test_connection()
        self.control("POST", "settings", plan_factor=0.0001)
        action = self.account.action_test_connection()
        self.assertEqual(action["params"]["type"], "warning")
        self.assertRegex(action["params"]["message"], r'limits the pace of account "Test store".* \d+ minutes')
        self.assertEqual(self.account.connection_state, "ok")

    def test_new_keys_are_untested(self):
        self.account.action_test_connection()
        self.account.refresh_token = "Atzr|other"
        self.assertEqual(self.account.connection_state, "untested")

    def test_custom_endpoints_must_be_urls(self):
        with self.assertRaises(ValidationError):
            self.account.api_endpoint = "amazon.com"

    def test_custom_endpoints_count_in_their_environment_only(self):
        for environment in ("production", "sandbox"):
            self.account.environment = environment
            with self.account._open_gateway() as gateway:
                connection = gateway._transport.connection
            self.assertRegex(connection.api_endpoint, r"^https://(sandbox\.)?sellingpartnerapi-[a-z]{2}\.amazon\.com$")
            self.assertEqual(connection.lwa_endpoint, "https://api.amazon.com/auth/o2/token")

    def test_marketplace_of_another_region_is_refused(self):
        with self.assertRaises(ValidationError):
            self.account.marketplace_ids = self.env.ref("fba_connector.marketplace_de")

    def test_paused_account_calls_nobody(self):
        self.account.paused = True
        for job in ("push_fulfillment_orders", "pull_fulfillment_orders", "import_amazon_orders"):
            self.run_job(job)
        self.assertFalse(self.control("GET", "journal"))
