"""Odoo's command line: its server starts this file again for its further processes."""

from odoo.cli.command import main

main()
