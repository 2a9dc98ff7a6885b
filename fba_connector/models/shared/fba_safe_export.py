"""Words of others in a spreadsheet."""

from odoo import models

# What makes a spreadsheet calculate instead of show.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class FbaSafeExport(models.AbstractModel):
    """Amazon's words, a buyer's or a carrier's are exported as text: a formula in them would run at whoever opens the
    file. Odoo itself does so in CSV only, and for three of the signs."""

    _name = "fba.safe.export"
    _description = "Export Without Formulas"

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        result["datas"] = [
            [f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell for cell in row]
            for row in result["datas"]
        ]
        return result
