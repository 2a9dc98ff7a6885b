import { onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { listView } from "@web/views/list/list_view";
import { ListController } from "@web/views/list/list_controller";

const CHANGED = "fba_connector/changed";
const NEWS_DELAY_MS = 1000; // many orders that change in a row are read together
const ASK_AGAIN_MS = 5000; // while orders are being sent, even if no notification arrives

/** The manager: its rows follow what the scheduled actions do, with a line that says how far the sending is. */
export class FbaManagerController extends ListController {
    static template = "fba_connector.ManagerListView";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.progress = useState({ since: false, total: 0, waiting: 0, sent: 0, rejected: 0 });
        this.onNews = () => {
            this.hasNews = true;
            this.lookLater(NEWS_DELAY_MS);
        };
        onMounted(() => {
            this.bus.subscribe(CHANGED, this.onNews);
            this.bus.start();
            this.lookLater(0);
        });
        onWillUnmount(() => {
            this.isGone = true;
            this.bus.unsubscribe(CHANGED, this.onNews);
            clearTimeout(this.timer);
        });
    }

    get percent() {
        const { total, waiting } = this.progress;
        return total ? Math.round((100 * (total - waiting)) / total) : 0;
    }

    lookLater(delay) {
        const at = Date.now() + delay;
        if (this.isGone || (this.timer && this.lookAt <= at)) {
            return;
        }
        clearTimeout(this.timer);
        this.lookAt = at;
        this.timer = setTimeout(() => {
            this.timer = null;
            this.look();
        }, delay);
    }

    async look() {
        const before = JSON.stringify(this.progress);
        try {
            await this.readProgress();
            this.hasNews ||= JSON.stringify(this.progress) !== before;
            if (this.hasNews && !this.isGone && !this.editedRecord) {
                this.hasNews = false;
                await this.reloadRows();
            }
        } catch (error) {
            // The network failed. The next look tries again, so the user sees no error.
            console.warn("The manager could not check for changes", error);
        } finally {
            if (this.progress.waiting) {
                this.lookLater(ASK_AGAIN_MS);
            }
        }
    }

    /** A finished batch stays in the line until the user closes it. */
    async readProgress() {
        const progress = await this.orm.silent.call(this.props.resModel, "get_progress", [this.progress.since]);
        Object.assign(this.progress, progress);
    }

    /** Keeps the clerk's selection, including rows ticked while the list reloads. */
    async reloadRows() {
        const before = this.model.root.records;
        this.model.useSampleModel = false;
        await this.model.root.load();
        const ticked = new Set(before.filter((record) => record.selected).map((record) => record.resId));
        for (const record of this.model.root.records) {
            if (ticked.has(record.resId) && !record.selected) {
                record.toggleSelection(true);
            }
        }
        this.model.notify();
    }

    dismissProgress() {
        Object.assign(this.progress, { since: false, total: 0, waiting: 0, sent: 0, rejected: 0 });
    }
}

registry.category("views").add("fba_manager_list", { ...listView, Controller: FbaManagerController });
