import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const select = (order) => ({ trigger: `tr.o_data_row:contains(${order}) .o_list_record_selector input`, run: "click" });
const SOURCING = { trigger: ".o_notebook_headers a:contains(Sourcing)", run: "click" };

tours.add("fba_source_selected", {
    steps: () => [
        select("BULK-1"),
        select("BULK-2"),
        select("BULK-3"),
        { trigger: ".o_cp_action_menus button:contains(Actions)", run: "click" },
        { trigger: ".o-dropdown--menu .o_menu_item:contains(Fulfillment by Amazon)", run: "click" },
        { trigger: ".modal p:contains('2 orders sourced, 1 not.')" },
        { trigger: ".modal tr.o_data_row:contains(BULK-3):contains(10 free at Amazon, 90 needed)" },
        { trigger: ".modal button[name=action_send_now]", run: "click" },
        { trigger: ".modal p:contains(2 orders)" },
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_notification:contains(2 orders are being sent to Amazon)" },
    ],
});

const choose = (row, choice) => [
    { trigger: `.modal tr.o_data_row:eq(${row}) td[name=choice]`, run: "click" },
    { trigger: `.modal tr.o_selected_row:nth-child(${row + 1}) td[name=choice] input`, run: "click" },
    { trigger: `.o_select_menu_item:contains(${choice})`, run: "click" },
    { trigger: `.modal tr.o_data_row:eq(${row}) td[name=choice] input:value(${choice})` },
];

tours.add("fba_resolve_in_parts", {
    steps: () => [
        SOURCING,
        { trigger: ".o_notebook_content button[name=action_fba_resolve]", run: "click" },
        { content: "The own warehouse has it", trigger: ".modal tr.o_data_row td[name=choice]:contains(From another warehouse)" },
        { trigger: ".modal tr.o_data_row td[name=free]:contains(4 free)" },
        { trigger: ".modal tr.o_data_row td[name=quantity]", run: "click" },
        { trigger: ".modal tr.o_data_row td[name=quantity] input", run: "edit 3" },
        { trigger: ".modal tr.o_data_row:eq(0) button[name=action_split]", run: "click" },
        { trigger: ".modal tr.o_data_row:eq(1) td[name=quantity]:contains(1)" },
        ...choose(1, "From Amazon again"),
        { trigger: ".modal button[name=action_confirm]", run: "click" },
        { trigger: ".o_notification:contains(1 ×):contains(Ready to Process):contains(3 ×):contains(reserved)" },
        { trigger: "div[name=fba_sourcing_ids] tr.o_data_row:eq(1)" },
    ],
});

tours.add("fba_sourcing_names", {
    steps: () => [
        { content: "No bin that refuses", trigger: "div[name=order_line] tr.o_data_row:not(:has(button[name=delete]))" },
        SOURCING,
        {
            content: "Each button has a name",
            trigger: "div[name=fba_sourcing_ids] button[name=action_release]",
            run() {
                for (const button of document.querySelectorAll("div[name=fba_sourcing_ids] tr.o_data_row button")) {
                    if (!button.textContent.trim()) {
                        throw new Error(`${button.name} has no name`);
                    }
                }
            },
        },
    ],
});

tours.add("fba_sourcing_phone", {
    steps: () => [
        SOURCING,
        { trigger: "div[name=fba_sourcing_ids] .o_kanban_record:contains(Test FBA):contains(Reserved)" },
        {
            content: "No wider than the phone",
            trigger: "div[name=fba_sourcing_ids] .o_kanban_record button[name=action_release]:contains(Release)",
            run: ({ anchor, click }) => {
                if (anchor.getBoundingClientRect().right > window.innerWidth) {
                    throw new Error("the button lies beside the screen");
                }
                anchor.click();
            },
        },
        { trigger: ".modal button[name=action_confirm]:contains(Release)", run: "click" },
        { trigger: "div[name=fba_sourcing_ids] .o_kanban_record:contains(Not Sourced)" },
    ],
});
