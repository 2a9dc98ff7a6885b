import { rpc } from "@web/core/network/rpc";

async function call(model, method, args, kwargs = {}) {
    return rpc(`/web/dataset/call_kw/${model}/${method}`, { model, method, args, kwargs });
}

/** What Odoo's scheduler would do automatically. */
export async function work(name) {
    const [cron] = await call("ir.model.data", "search_read", [[["name", "=", `ir_cron_${name}`]]], {
        fields: ["res_id"],
    });
    await call("ir.cron", "method_direct_trigger", [[cron.res_id]]);
}

export const push = () => work("push_fulfillment_orders");
