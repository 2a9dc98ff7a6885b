from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestWarehouse(FbaCase):
    def test_afn_warehouse_lets_tracked_goods_leave_without_lot(self):
        self.assertFalse(self.afn.out_type_id.use_existing_lots)
        self.assertFalse(self.afn.out_type_id.use_create_lots)

    def test_inventory_marketplace_sells_from_the_pool(self):
        self.assertEqual(self.afn.fba_marketplace_ids, self.env.ref("fba_connector.marketplace_us"))

    def test_afn_warehouse_needs_an_account(self):
        with self.assertRaisesRegex(ValidationError, "needs an Amazon account"):
            self.own.is_afn = True

    def test_afn_warehouse_delivers_in_one_step(self):
        with self.assertRaisesRegex(ValidationError, "in one step"):
            self.afn.delivery_steps = "pick_ship"

    def test_marketplace_of_two_pools_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "counted twice"):
            self.afn.copy({"name": "Second", "code": "TFB2"})
