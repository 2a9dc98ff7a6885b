import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const LIMIT = "div[name=fee_limit] input";
const wide = {
    content: "Wide enough for an amount",
    trigger: LIMIT,
    run({ anchor }) {
        const { width } = anchor.getBoundingClientRect();
        if (width < 60) {
            throw new Error(`The fee limit is ${width} px wide`);
        }
    },
};
const typed = [wide, { trigger: LIMIT, run: "edit 12.5" }];
const SAVE = [
    { trigger: ".o_form_button_save:enabled", run: "click" },
    { trigger: ".o_form_saved" },
];

tours.add("fba_type_fee_limit", {
    steps: () => [
        { trigger: ".o_notebook_headers a:contains(Automation)", run: "click" },
        ...typed,
        ...SAVE,
        { trigger: ".o_notebook_headers a:contains(Amazon Orders)", run: "click" },
        { trigger: "div[name=import_from]" },
        { trigger: ".o_notebook_headers a:contains(Scheduled Work)", run: "click" },
        { trigger: "div[name=task_lock_ids] td:contains(Import Amazon orders)" },
    ],
});

const head = (step) => `.o_fba_step:has(h3:contains(${step}))`;

tours.add("fba_fold_guide", {
    steps: () => [
        { content: "The account is live: nothing is left", trigger: `.o_fba_guide p:contains(The account is live)` },
        { trigger: "body:not(:has(.o_fba_guide p:contains(before the last step)))" },
        { content: "Finished steps are a line each", trigger: `${head("7. Automation")}.o_fba_folded .fa-check-circle` },
        { trigger: `${head("1. Keys")}.o_fba_folded:not(:has(input:visible))` },
        {
            content: "All steps fit on the screen",
            trigger: `${head("9. Go live")}:not(.o_fba_folded)`,
            run({ anchor }) {
                const { top } = anchor.getBoundingClientRect();
                if (top > window.innerHeight) {
                    throw new Error(`The open step begins at ${top} px`);
                }
            },
        },
        { trigger: `${head("7. Automation")} button[aria-expanded=false]`, run: "click" },
        { trigger: `${head("7. Automation")}:not(.o_fba_folded) button[aria-expanded=true]` },
        ...typed,
        ...SAVE,
        { content: "It stays open", trigger: `${head("7. Automation")}:not(.o_fba_folded)` },
        { trigger: `${head("7. Automation")} button[aria-expanded=true]`, run: "click" },
        { trigger: `${head("7. Automation")}.o_fba_folded` },
        { trigger: "button[name=action_open_settings]", run: "click" },
        { trigger: ".o_notebook_headers a:contains(Connection)" },
    ],
});

const UNKNOWN = "tr.o_data_row:contains(MYSTERY)";

tours.add("fba_clerk_asks", {
    steps: () => [
        { trigger: `${UNKNOWN}:not(:has(button[name=action_map])) button[name=action_replay]`, run: "click" },
        { trigger: ".o_notification:contains(still waits)" },
        { trigger: `${UNKNOWN} button[name=action_ask_to_import]`, run: "click" },
        { trigger: ".o_notification:contains(Odoo has asked)" },
        { trigger: ".o_control_panel button[name=action_import_now]", run: "click" },
        { trigger: ".o_notification:contains(Odoo is importing the orders of Test store)" },
    ],
});
