/* Opens screens one after the other in the web client and has axe-core look at each.

   Run by test_accessibility.py: `screens` are {name, action, view, record, clicks: [selector], ready: selector}; `frame`
   are selectors of the web client around them, `widgets` {rule: [selector]} what it draws in them. */
async function findings(axeUrl, screens, { frame, widgets }) {
    await new Promise((resolve, reject) => {
        const script = Object.assign(document.createElement("script"), { src: axeUrl, onload: resolve, onerror: reject });
        document.head.append(script);
    });
    const { services } = odoo.__WOWL_DEBUG__.root.env;
    const found = [];
    for (const screen of screens) {
        services.dialog.closeAll();
        await services.action.doAction(screen.action, {
            clearBreadcrumbs: true,
            viewType: screen.view,
            props: screen.record ? { resId: screen.record } : undefined,
        });
        for (const selector of screen.clicks || []) {
            await visible(selector, screen);
            await settled(); // a list that reloads would draw it anew
            (await visible(selector, screen)).click();
        }
        await visible(screen.ready, screen);
        await settled();
        const result = await axe.run({ exclude: frame }, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa"] });
        for (const { id, impact, help, nodes } of result.violations) {
            const ours = nodes.filter(
                ({ target }) => !(widgets[id] || []).some((it) => document.querySelector(target.at(-1)).closest(it))
            );
            if (["critical", "serious"].includes(impact) && ours.length) {
                const where = ours.map(({ html, target }) => `    ${target.join(" ")}: ${html.slice(0, 160)}`);
                found.push([`${screen.name}: ${help} (${id}, ${impact}), ${ours.length} times`, ...where].join("\n"));
            }
        }
    }
    return found;
}

async function visible(selector, screen) {
    for (let tries = 0; tries < 150; tries++) {
        const node = [...document.querySelectorAll(selector)].find((it) => it.checkVisibility());
        if (node) {
            return node;
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${screen.name}: nothing to see of ${selector}`);
}

/* Dialogs fade in: text that is half transparent has no contrast. */
async function settled() {
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {})));
    await new Promise((resolve) => setTimeout(resolve, 500));
}
