"""A year of orders: run once, in weeks, by a command that can be stopped at any time and goes on where it was.

In reading order:

    plan        the weeks, and the orders of each
    ledger      the folder that a year is kept in: its settings, a line of figures for each week
    clock       Odoo's time, which stands where the week does
    amazon      the simulated Amazon of one week
    shop        the company, its seller account, products and customers
    week        what happens in a week, and what each step costs
    sizes       what grows in the database
    summary     the tables at the end
"""
