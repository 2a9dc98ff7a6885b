import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ASK_AGAIN_MS = 2000;
const SHOWN = ["state", "progress", "progress_text", "continues_at"];

/** How far the job is; the whole form loads again once the job has reached another state. */
export class FbaFirstSyncProgress extends Component {
    static template = "fba_connector.FirstSyncProgress";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        const { progress, progress_text } = this.props.record.data;
        this.shown = useState({ progress, progress_text, continues_at: false });
        onMounted(() => this.lookLater());
        onWillUnmount(() => {
            this.isGone = true;
            clearTimeout(this.timer);
        });
    }

    lookLater() {
        if (!this.isGone) {
            this.timer = setTimeout(() => this.look(), ASK_AGAIN_MS);
        }
    }

    async look() {
        const record = this.props.record;
        try {
            const [job] = await this.orm.silent.read(record.resModel, [record.resId], SHOWN);
            Object.assign(this.shown, job);
            if (!this.isGone && job.state !== record.data.state) {
                await record.load();
            }
        } catch (error) {
            // The network failed. The next look tries again, so the user sees no error.
            console.warn("The progress of the synchronization could not be read", error);
        }
        this.lookLater();
    }
}

registry.category("fields").add("fba_first_sync_progress", {
    component: FbaFirstSyncProgress,
    supportedTypes: ["integer"],
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "progress_text", type: "char" },
    ],
});
