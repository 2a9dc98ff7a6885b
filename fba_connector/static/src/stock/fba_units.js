import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { floatField } from "@web/views/fields/float/float_field";
import { formatFloat } from "@web/views/fields/formatters";

/** Units, without decimals where there are none: in the cells and, unlike Odoo's option, in the sums below them. */
export const formatUnits = (value, options) => formatFloat(value, { ...options, trailingZeros: false });

export const fbaUnits = {
    ...floatField,
    displayName: _t("Units"),
    extractProps: (...args) => ({ ...floatField.extractProps(...args), trailingZeros: false }),
};

registry.category("fields").add("fba_units", fbaUnits);
registry.category("formatters").add("fba_units", formatUnits).add("fba_stock_bar", formatUnits);
