import { Component, markRaw, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { FbaOrderLink } from "../manager/fba_order_link";

const CHANGED = "fba_connector/changed";
const NEWS_DELAY_MS = 1000; // previews that arrive in a row are read together
const ASK_AGAIN_MS = 3000; // while previews are to come, even if no notification arrives
const REST = 4; // times as long as the last reading took: hundreds of rows are read less often

/** A row for each order, a column for each speed; it follows the previews that arrive. */
export class FbaPreviewMatrix extends Component {
    static template = "fba_connector.PreviewMatrix";
    static components = { FbaOrderLink };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.bus = useService("bus_service");
        this.readingMs = 0;
        const matrix = markRaw(this.props.record.data[this.props.name]);
        const showsFees = matrix.total === 1 && !this.env.isSmall;
        this.state = useState({ matrix, arriveBy: "", message: "", showsFees, isBusy: false });
        this.onNews = () => this.lookLater(NEWS_DELAY_MS);
        onMounted(() => {
            this.bus.subscribe(CHANGED, this.onNews);
            this.bus.start();
            this.lookWhileWaiting();
        });
        onWillUnmount(() => {
            this.isGone = true;
            this.bus.unsubscribe(CHANGED, this.onNews);
            clearTimeout(this.timer);
        });
    }

    get matrix() {
        return this.state.matrix;
    }

    get percent() {
        const { total, waiting } = this.matrix;
        return Math.round((100 * (total - waiting)) / total);
    }

    /** A cell whose speed can be chosen, or is: those a key or a click reaches. */
    isOpen(cell) {
        return cell.can_choose || cell.is_chosen;
    }

    tooltip(cell) {
        return JSON.stringify({ ships: cell.ships, fees: cell.fees });
    }

    lookWhileWaiting() {
        if (this.matrix.waiting) {
            this.lookLater(ASK_AGAIN_MS);
        }
    }

    lookLater(delay) {
        delay = Math.max(delay, REST * this.readingMs);
        const at = Date.now() + delay;
        if (this.isGone || (this.timer && this.lookAt <= at)) {
            return;
        }
        clearTimeout(this.timer);
        this.lookAt = at;
        this.timer = setTimeout(async () => {
            this.timer = null;
            try {
                await this.read();
            } catch (error) {
                // The network failed. The next look tries again, so the user sees no error.
                console.warn("The previews could not be read", error);
            }
            this.lookWhileWaiting();
        }, delay);
    }

    /** An answer that comes after a later one's is dropped. */
    async read() {
        const { resModel, resId } = this.props.record;
        const turn = (this.turn = (this.turn || 0) + 1);
        const began = Date.now();
        const [{ [this.props.name]: matrix }] = await this.orm.silent.read(resModel, [resId], [this.props.name]);
        this.readingMs = Date.now() - began;
        if (turn === this.turn && !this.isGone) {
            this.state.matrix = markRaw(matrix);
        }
    }

    async choose(cell) {
        if (cell.can_choose) {
            this.state.message = "";
            await this.orm.call("fba.preview", "action_choose", [cell.id]);
            await this.read();
        }
    }

    async chooseCheapest(arriveBy) {
        const { resModel, resId } = this.props.record;
        this.state.isBusy = true;
        try {
            this.state.message = await this.orm.call(resModel, "action_choose_cheapest", [[resId], arriveBy]);
            await this.read();
        } finally {
            this.state.isBusy = false;
        }
    }
}

registry.category("fields").add("fba_preview_matrix", { component: FbaPreviewMatrix, supportedTypes: ["json"] });
