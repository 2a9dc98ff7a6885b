import { registry } from "@web/core/registry";
import { push } from "./fba_server";

const tours = registry.category("web_tour.tours");
const select = (order) => ({ trigger: `tr.o_data_row:contains(${order}) .o_list_record_selector input`, run: "click" });
const row = (order) => `.modal tr[data-order=${order}]`;
const cell = (order, speed) => `${row(order)} td[data-speed=${speed}]`;
const inUse = (order, speed) => ({ trigger: `${cell(order, speed)} button[aria-pressed=true]:contains(In use)` });
const PREVIEW = { trigger: ".o_control_panel button[name=action_preview]", run: "click" };

tours.add("fba_preview_matrix", {
    steps: () => [
        select("TOUR-1"),
        select("TOUR-2"),
        select("TOUR-3"),
        PREVIEW,
        { content: "A row for each order", trigger: `${row("TOUR-1")}:contains(Eva Muster):contains(US-OR):contains($ 20.00)` },
        { trigger: `${cell("TOUR-1", "Standard")}:contains(Cheapest):contains(Arrives):contains($)` },
        inUse("TOUR-1", "Standard"),
        { trigger: `${cell("TOUR-1", "Priority")} button[aria-pressed=false]:contains(Fastest)` },
        { content: "Parts of the fee", trigger: `${cell("TOUR-1", "Standard")} button`, run: "hover" },
        { trigger: ".o-tooltip .o_fba_fees:contains(Ships):contains(Per unit):contains($)" },
        { content: "Why not", trigger: `${cell("TOUR-2", "Standard")}:contains(Not deliverable):contains(1 × B) [title*='1 × B']` },
        { trigger: `${row("TOUR-3")} .o_fba_matrix_note:contains(postal code)` },
        { trigger: ".modal .o_fba_matrix_chosen:contains(for 1 order; unknown for 2 orders)" },
        { content: "Beside the buttons: no raw record", trigger: `${cell("TOUR-2", "Standard")} .o_fba_matrix_no`, run: "click" },
        { trigger: `${row("TOUR-1")} th`, run: "click" },
        {
            content: "By key",
            trigger: `${cell("TOUR-1", "Priority")} button`,
            async run(helpers) {
                helpers.anchor.focus();
                await helpers.press("Enter");
            },
        },
        {
            ...inUse("TOUR-1", "Priority"),
            run({ anchor }) {
                if (document.activeElement !== anchor) {
                    throw new Error("the focus has left the chosen speed");
                }
                if (document.querySelectorAll(".modal").length !== 1) {
                    throw new Error("a second window is open");
                }
            },
        },
        { trigger: ".modal button[name=choose_cheapest]", run: "click" },
        { trigger: ".modal .o_fba_matrix_message[role=status]:contains(1 order now has another speed):contains(TOUR-2)" },
        inUse("TOUR-1", "Standard"),
        { trigger: ".modal button[name=choose_in_time][disabled]" },
        {
            trigger: ".modal input[name=arrive_by]",
            run({ anchor }) {
                anchor.value = "2020-01-01"; // Odoo's helper cannot fill an empty date input
                anchor.dispatchEvent(new Event("input", { bubbles: true }));
            },
        },
        { trigger: ".modal button[name=choose_in_time]:not([disabled])", run: "click" },
        { trigger: ".modal .o_fba_matrix_message:contains(Not possible by):contains(TOUR-1)" },
        { trigger: ".modal button[name=show_fees][aria-pressed=false]", run: "click" },
        { trigger: `${cell("TOUR-1", "Standard")}:contains(Per unit)` },
        { trigger: ".modal footer button[name=action_send_these]", run: "click" },
        { trigger: ".modal p:contains(2 orders):contains(3 units):contains(2 SKUs)" },
        {
            content: "The main button has the number, and the focus",
            trigger: ".modal button[name=action_confirm]:contains(Send 2 Orders)",
            run({ anchor }) {
                if (document.activeElement !== anchor) {
                    throw new Error(`${document.activeElement.outerHTML} has the focus`);
                }
            },
        },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_notification:contains(2 orders are being sent to Amazon)" },
    ],
});

tours.add("fba_previews_arrive", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row" },
        { trigger: "thead .o_list_record_selector input", run: "click" },
        PREVIEW,
        { content: "Opens at once", trigger: ".modal .o_fba_matrix_progress:contains(10 of 12 orders previewed)" },
        { trigger: `.modal tr.o_fba_matrix_row:contains(Waiting for Amazon)`, run: push },
        { content: "Without a click", trigger: ".modal .o_fba_matrix:not(:has(.o_fba_matrix_progress)):contains(for 12 orders)" },
        { trigger: ".modal footer button:contains(Close)", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
