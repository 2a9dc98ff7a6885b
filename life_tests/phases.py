"""What is done and seen in the database between installation, update and removal; each in a process of its own."""

import json
import sys

import odoo
from odoo.modules.registry import Registry

ADDED_SINCE = {
    "fba_fulfillment_order": ("state_since", "waits_until", "cancel_due_at", "contradiction_since", "failing_since"),
    "fba_amazon_order": ("state_since",),
    "fba_sku": ("is_confirmed", "resolution", "pack_size", "uom_id", "confirmed_product_id", "observed_at"),
    "fba_fulfillment_order_line": ("parts", "pack_size"),
    "stock_warehouse": ("fba_inventory_cursor", "fba_inventory_full_at", "fba_listed_count"),
}
STATES = {"ready": "ready", "sent": "in_shipping", "shipped": "shipped", "short": "exception"}


def work(env) -> None:
    """Orders in all kinds of states, sold here and on Amazon."""
    from odoo.addons.fba_connector.tests.common import SimulatorMixin

    class Company(SimulatorMixin):
        """Not a test: it makes what tests need."""

    Company.env = env
    Company.simulator = simulator = _simulator()
    with simulator:
        Company.set_up_company()
        Company.reset_simulator()
        Company.control("POST", "settings", auto_ship=False)
        env["fba.account"].search([("id", "!=", Company.account.id)]).paused = True
        sales = {kind: Company.sourced({Company.product_a: 2}, client_order_ref=kind) for kind in STATES}
        for kind in ("sent", "shipped", "short"):
            sales[kind].fba_fulfillment_order_ids.action_submit()
        Company.sell_on_amazon(("A", 1, "10.00", {}))
        env.cr.commit()
        env["fba.account"]._cron_push_fulfillment_orders()
        Company.ship(sales["shipped"].fba_fulfillment_order_ids, ("1Z", {"A": 2}))
        Company.cannot_fulfill(sales["short"].fba_fulfillment_order_ids)
        env["fba.account"]._cron_pull_fulfillment_orders()
        env["fba.account"]._cron_import_amazon_orders()
        Company.account.write({"first_sync_confirmed": True, "keys_prefix": False})
        env["fba.account"]._cron_sync_inventory()
        Company.account.paused = True
    for kind, state in STATES.items():
        order = sales[kind].fba_fulfillment_order_ids
        assert order.state == state, (kind, order.state, order.error_message)
    assert env["sale.order"].search_count([("amazon_order_id", "!=", False), ("state", "=", "sale")]), (
        "nothing imported"
    )
    # The update comes from an older version, so that all of migrations/ is run; it did not have these columns.
    env["ir.module.module"].search([("name", "=", "fba_connector")]).latest_version = "19.0.0.0.1"
    for table, columns in ADDED_SINCE.items():
        for column in columns:
            env.cr.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    # SKUs were not confirmed one by one, and accounts had the cursor of the stock.
    env.cr.execute("DELETE FROM fba_sku_part")
    env.cr.execute("ALTER TABLE fba_account ADD COLUMN inventory_cursor timestamp")
    env.cr.execute("UPDATE fba_account SET inventory_cursor = now() AT TIME ZONE 'UTC'")
    # Keys were the account's.
    for name in ("lwa_client_id", "lwa_client_secret", "refresh_token"):
        env.cr.execute(f"ALTER TABLE fba_account ADD COLUMN {name} varchar")
    env.cr.execute(
        "UPDATE fba_account a SET lwa_client_id = k.lwa_client_id, lwa_client_secret = k.lwa_client_secret, "
        "refresh_token = k.refresh_token FROM fba_account_keys k WHERE k.id = a.keys_id"
    )
    env.cr.execute("ALTER TABLE fba_account DROP COLUMN keys_id")
    env.cr.execute("DROP TABLE fba_account_keys")
    env.cr.execute("DROP TABLE fba_marketplace_served_country_rel")
    # Nor did it read an order again that Amazon's list left out.
    env.cr.execute("UPDATE fba_fulfillment_order SET due_at = NULL WHERE state = 'in_shipping'")


def _simulator():
    from amazon_simulator import SimulatorServer

    return SimulatorServer()


def updated(env) -> None:
    """Nothing is lost, and it can be worked with."""
    env.cr.execute("SELECT max(write_date) FROM ir_module_module WHERE name = 'fba_connector'")
    (updated_at,) = env.cr.fetchone()
    for kind, state in STATES.items():
        orders = env["fba.fulfillment.order"].search([("sale_id.client_order_ref", "=", kind)])
        assert orders.mapped("state") == [state], (kind, orders.mapped("state"))
        since = orders.submitted_at if state == "in_shipping" else orders.state_since
        assert orders.state_since == since and since < updated_at, (kind, orders.state_since)
        assert bool(orders.waits_until) == (state == "in_shipping"), (kind, orders.waits_until)
        assert state != "in_shipping" or orders.due_at <= odoo.fields.Datetime.now(), "it is read once"
    skus = env["fba.sku"].search([("product_id", "!=", False)])
    assert skus and all(skus.mapped("is_confirmed")), "its stock was booked by them"
    assert all(skus.part_ids.mapped(lambda part: part.units == 1))
    assert skus.warehouse_id.fba_inventory_cursor and not skus.warehouse_id.fba_inventory_full_at
    ready = env["fba.fulfillment.order"].search([("state", "=", "ready")])
    assert "PR" in ready.account_id.marketplace_ids.served_country_ids.mapped("code")
    assert ready.account_id.refresh_token == "Atzr|demo", "keys"
    ready.account_id.paused = False
    ready.action_submit()
    assert ready.state == "queued"


def removed(env) -> None:
    """Nothing of the module is left, and its orders and stock are Odoo's: they can be worked with."""
    left = env["ir.model.data"].search([("module", "=", "fba_connector")])
    # What orders and stock refer to is the company's from now on.
    left = left.filtered(lambda it: it.model not in ("product.product", "product.template", "stock.warehouse"))
    assert not left, f"records of the module are left: {left.mapped('complete_name')}"
    env.cr.execute(
        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND (table_name LIKE 'fba%%' OR column_name LIKE '%%fba%%' OR column_name IN ('is_afn', 'amazon_order_id'))"
    )
    columns = [name for (name,) in env.cr.fetchall()]
    assert not columns, f"columns are left: {columns}"
    env.cr.execute(
        "SELECT count(*) FROM ir_cron c JOIN ir_act_server a ON a.id = c.ir_actions_server_id "
        "WHERE a.code LIKE '%%fba%%' OR a.name->>'en_US' LIKE '%%Amazon%%'"
    )
    assert env.cr.fetchone() == (0,), "scheduled actions are left"
    for model, kinds in {
        "sale.order": ("form", "list", "kanban"),
        "stock.picking": ("form", "list"),
        "stock.warehouse": ("form", "list"),
        "product.template": ("form",),
        "res.partner": ("form",),
    }.items():
        env[model].get_views([(False, kind) for kind in kinds])
    sales = env["sale.order"].search([("client_order_ref", "in", list(STATES))])
    for sale in sales:
        env["sale.order"].browse(sale.id).web_read({"name": {}, "picking_ids": {}, "order_line": {}})
    # What Amazon has not shipped is delivered by hand, or cancelled; a new order is sold from the same stock.
    open_sale = next(sale for sale in sales if sale.client_order_ref == "ready")
    picking = open_sale.picking_ids.filtered(lambda it: it.state not in ("done", "cancel"))
    picking.move_ids.picked = True
    assert picking.with_context(skip_sms=True).button_validate() is True, picking.state
    assert open_sale.order_line.qty_delivered == 2
    sent = next(sale for sale in sales if sale.client_order_ref == "sent")
    sent._action_cancel()
    assert sent.state == "cancel", sent.state
    warehouse = picking.picking_type_id.warehouse_id
    new = sent.copy({"warehouse_id": warehouse.id})
    new.action_confirm()
    new.picking_ids.move_ids.picked = True
    assert new.picking_ids.with_context(skip_sms=True).button_validate() is True
    assert new.delivery_status == "full"


def facts(env) -> dict:
    """Stock and orders, as the company counts them; what came as the module's demo data goes with it."""
    quants = env["stock.quant"].search([], order="id", limit=10_000) - _demo(env, "stock.quant")
    sales = env["sale.order"].search([], order="id", limit=10_000) - _demo(env, "sale.order")
    moves = env["stock.move"].search([], order="id", limit=10_000)
    return {
        "stock": [[it.location_id.id, it.product_id.id, it.quantity, it.reserved_quantity] for it in quants],
        "sales": [[it.name, it.state, it.amount_total, it.order_line.mapped("qty_delivered")] for it in sales],
        "moves": [[it.id, it.state, it.product_uom_qty, it.quantity, it.location_id.id] for it in moves],
        "deliveries": [[it.name, it.state, it.carrier_tracking_ref] for it in moves.picking_id],
    }


def _demo(env, model: str):
    names = env["ir.model.data"].search([("module", "=", "fba_connector"), ("model", "=", model)])
    return env[model].browse(names.mapped("res_id"))


PHASES = {"work": work, "updated": updated, "removed": removed, "facts": lambda _env: None}


def main(config: str, database: str, name: str, phases=PHASES) -> None:
    """Run the phase of this name; print the facts before it, after it where it is the work itself."""
    odoo.tools.config.parse_config(
        ["--config", config, "--database", database, "--log-level", "error"], setup_logging=True
    )
    with Registry(database).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})
        before = facts(env)
        phases[name](env)
        env.flush_all()
        print(json.dumps(before if name != "work" else facts(env)))


if __name__ == "__main__":
    main(*sys.argv[1:])
