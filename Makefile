# Each target sets up what is missing first; the host is built once, in the user's cache folder.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help setup demo serve test chaos worlds check bench year scale i18n screenshots

help: ## this list
	@sed -n 's/^\([a-z0-9]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

setup: ## build the host: Odoo 19, PostgreSQL, Chromium, Python packages
demo: ## fulfill the demo's orders at a simulated Amazon and show the result
serve: ## the demo's database with the web client, until Ctrl-C
test: ## all tests
chaos: ## bad days by the hundred: people, Amazon, faults and dying workers, then both books are compared
worlds: ## the core of the tests and bad days under other settings and states of Odoo
check: ## linters and type checks
bench: ## benchmarks, each against a baseline of the same run
year: ## a year of orders in one run that can be stopped and goes on
scale: ## what a day of so many orders needs: a simulation, seconds
i18n: ## the template of all words to translate
screenshots: ## take the pictures of the documentation

setup demo serve test chaos worlds check bench year scale i18n screenshots:
	@$(PYTHON) -m scripts $@ $(ARGS)
