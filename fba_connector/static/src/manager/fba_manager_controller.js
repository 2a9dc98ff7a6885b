import { onMounted, onWillUnmount, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { SelectionBox } from "@web/views/view_components/selection_box";
import { FbaManagerBar, domainOfAllStatuses } from "./fba_manager_bar";

const CHANGED = "fba_connector/changed";
const NEWS_DELAY_MS = 1000; // many orders that change in a row are read together
const ASK_AGAIN_MS = 5000; // while orders are being sent, even if no notification arrives
const NO_PROGRESS = { since: false, total: 0, waiting: 0, sent: 0, rejected: 0 };

/** The number of ticked rows, of the rows as they are: Odoo's box keeps to those it was opened with. */
class FbaSelectionBox extends SelectionBox {
    setup() {}

    get root() {
        return this.props.root;
    }
}

/** The manager, as list and as cards: rows follow what the scheduled actions do; the bar counts and shows progress. */
export const managing = (Controller) =>
    class extends Controller {
        static components = { ...Controller.components, FbaManagerBar, SelectionBox: FbaSelectionBox };

        setup() {
            super.setup();
            this.orm = useService("orm");
            this.bus = useService("bus_service");
            this.progress = useState({ ...NO_PROGRESS });
            this.counts = useState({});
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

        /** Whatever reads the rows (another search, a button, a dialog that closes) counts anew. */
        get modelParams() {
            const params = super.modelParams;
            const onRootLoaded = () => void this.count();
            return { ...params, hooks: { ...params.hooks, onRootLoaded } };
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

        async reloadRows() {
            this.model.useSampleModel = false;
            await this.model.root.load();
            await this.model.forgetGone();
            this.model.notify();
        }

        /** The numbers of the tabs, and of the orders that *Fulfill All Available* offers. */
        async count() {
            const { searchModel } = this.env;
            const turn = (this.turn = (this.turn || 0) + 1);
            const domains = [domainOfAllStatuses(searchModel), searchModel.domain];
            try {
                const call = this.orm.silent.call(this.props.resModel, "get_status_counts", domains);
                const { reasons, ...counts } = await call;
                if (turn === this.turn && !this.isGone) {
                    Object.assign(this.counts, counts);
                    this.model.setReasons(reasons);
                }
            } catch (error) {
                console.warn("The manager could not count the orders", error);
            }
        }

        dismissProgress() {
            Object.assign(this.progress, NO_PROGRESS);
        }

        isFulfillAll(button) {
            return button.clickParams.name === "action_fulfill_all_available" && "available" in this.counts;
        }

        headerButton(button) {
            if (!this.isFulfillAll(button)) {
                return { string: button.string, className: button.className, disabled: false };
            }
            const { available } = this.counts;
            return {
                string: `${button.string} (${available})`,
                className: `${button.className || ""} ${available ? "btn-primary" : "btn-secondary"}`,
                disabled: !available,
            };
        }
    };
