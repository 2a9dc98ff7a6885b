import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Folds the step of the guide that it stands in to a line, unless it is the current one; a click opens it. */
export class FbaGuideStep extends Component {
    static template = "fba_connector.GuideStep";
    static props = { ...standardWidgetProps, step: String, title: String };

    setup() {
        this.root = useRef("root");
        this.state = useState({ isToggled: false });
        useEffect(
            (isOpen) => {
                this.root.el.closest(".o_fba_step").classList.toggle("o_fba_folded", !isOpen);
            },
            () => [this.isOpen]
        );
        useEffect(
            () => {
                this.state.isToggled = false;
            },
            () => [this.isCurrent, this.props.record.resId]
        );
    }

    get isCurrent() {
        return this.props.record.data.guide_step === this.props.step;
    }

    /** Whether there is something to show: the steps after the current one wait for it, until the account is live. */
    get isReached() {
        const { guide_done, is_live } = this.props.record.data;
        return this.isCurrent || is_live || (guide_done || "").split(" ").includes(this.props.step);
    }

    get isOpen() {
        return this.isCurrent !== this.state.isToggled;
    }

    toggle() {
        this.state.isToggled = !this.state.isToggled;
    }
}

registry.category("view_widgets").add("fba_guide_step", {
    component: FbaGuideStep,
    extractProps: ({ attrs }) => ({ step: attrs.step, title: attrs.title }),
    fieldDependencies: [
        { name: "guide_step", type: "selection" },
        { name: "guide_done", type: "char" },
        { name: "is_live", type: "boolean" },
    ],
});
