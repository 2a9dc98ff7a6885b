import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const CHANGED = "fba_connector/changed";
const NEWS_DELAY_MS = 1000; // many orders that change in a row are read together
const SHOWN = "fba_shown_status";
const COLORS = {
    ready: "info",
    in_shipping: "warning",
    cancel_requested: "warning",
    shipped: "success",
    exception: "danger",
};

/** Reads the orders of all badges on the screen, together; ticks and scrolling stay. */
const newsService = {
    dependencies: ["bus_service", "orm"],
    start(env, { bus_service: bus, orm }) {
        const badges = new Set();
        let timer = null;

        async function read() {
            timer = null;
            const ids = [...new Set([...badges].map((badge) => badge.props.record.resId))].filter(Boolean);
            try {
                const orders = ids.length ? await orm.silent.read("sale.order", ids, [SHOWN]) : [];
                const statuses = Object.fromEntries(orders.map((order) => [order.id, order[SHOWN]]));
                badges.forEach((badge) => badge.follow(statuses[badge.props.record.resId]));
            } catch (error) {
                // The network failed, or an order was deleted. The next news reads again.
                console.warn("The statuses at Amazon could not be read", error);
            }
        }

        bus.subscribe(CHANGED, () => {
            if (badges.size) {
                timer ??= setTimeout(read, NEWS_DELAY_MS);
            }
        });
        return {
            add(badge) {
                badges.add(badge);
                bus.start();
            },
            remove: (badge) => badges.delete(badge),
        };
    },
};

registry.category("services").add("fba_status_news", newsService);

/** The status of a sales order at Amazon; it follows what the scheduled actions do. */
export class FbaStatus extends Component {
    static template = "fba_connector.Status";
    static props = { ...standardFieldProps };

    setup() {
        const service = useService("fba_status_news");
        this.news = useState({ before: null, status: null });
        onMounted(() => service.add(this));
        onWillUnmount(() => service.remove(this));
    }

    follow(status) {
        if (status) {
            Object.assign(this.news, { before: this.props.record.data[SHOWN], status });
        }
    }

    /** What the view has read since then is newer than the news. */
    get status() {
        const read = this.props.record.data[SHOWN];
        return read === this.news.before ? this.news.status : read;
    }

    get label() {
        const { selection } = this.props.record.fields[SHOWN];
        return selection.find(([status]) => status === this.status)?.[1];
    }

    get color() {
        return COLORS[this.status] || "300";
    }
}

registry.category("fields").add("fba_status", {
    component: FbaStatus,
    supportedTypes: ["selection"],
    fieldDependencies: [{ name: SHOWN, type: "selection" }],
});
