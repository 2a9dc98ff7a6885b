"""Only administrators of the company see what came of notifications; notices are nobody's."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import NotificationCase


@tagged("post_install", "-at_install")
class TestRights(NotificationCase):
    def setUp(self):
        super().setUp()
        self.set_up()
        self.notice = (
            self.env["fba.notice"]
            .sudo()
            .create(
                {
                    "account_id": self.account.id,
                    "type": "ORDER_CHANGE",
                    "key": "1",
                    "event_at": "2026-11-30",
                    "due_at": "2026-11-30",
                    "noted_at": "2026-11-30",
                }
            )
        )
        other = self.env["res.company"].create({"name": "Another"})
        manager, user = "fba_connector.group_fba_manager", "fba_connector.group_fba_user"
        self.manager = new_test_user(self.env, "notified_manager", groups=manager)
        self.user = new_test_user(self.env, "notified_user", groups=user)
        self.elsewhere = new_test_user(
            self.env, "notified_elsewhere", groups=manager, company_id=other.id, company_ids=[(6, 0, other.ids)]
        )

    def test_subscriptions(self):
        rows = self.account.subscription_ids
        self.assertEqual(len(rows.with_user(self.manager).read(["message_count"])), len(rows))
        self.assertFalse(self.env["fba.subscription"].with_user(self.elsewhere).search([]))
        with self.assertRaises(AccessError):
            rows.with_user(self.user).read(["message_count"])
        for method in (lambda it: it.write({"message_count": 1}), lambda it: it.unlink(), lambda it: it.copy()):
            with self.assertRaises(AccessError):
                method(rows[0].with_user(self.manager))

    def test_notices(self):
        for user in (self.manager, self.user):
            with self.assertRaises(AccessError):
                self.notice.with_user(user).read(["key"])

    def test_users_see_what_is_wrong_in_words(self):
        self.account._queue_state()._note_problem("missing")
        self.account.invalidate_recordset()
        self.assertIn("queue", self.account.with_user(self.user).notification_problem)
