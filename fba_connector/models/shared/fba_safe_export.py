"""Exports foreign text so that a spreadsheet never runs it."""

from odoo import models

# A cell that starts with one of these is a formula to a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def unlike_formula(words):
    """A stranger's text in a form safe for Odoo's own records, whose exports are not ours; False without one."""
    return (words or "").lstrip("".join(FORMULA_STARTS)) or False


class FbaSafeExport(models.AbstractModel):
    """Exports the words of Amazon, buyers and carriers as text: a formula in them would run on the reader's computer.
    Odoo itself does so in CSV only, and for three of the signs."""

    _name = "fba.safe.export"
    _description = "Export Without Formulas"

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        result["datas"] = [
            [f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell for cell in row]
            for row in result["datas"]
        ]
        return result
