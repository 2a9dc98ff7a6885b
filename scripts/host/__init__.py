"""The host the add-on is built and tested on: Odoo 19, its Python, PostgreSQL, Chromium.

Standard library only: these modules run before anything is installed.
"""
