"""Gives this process its database: Odoo without its test mode, which would commit and send otherwise."""


def pytest_addoption(parser):
    parser.addoption("--database", required=True, help="Odoo database with the add-on; what is done there stays")
    parser.addoption("--config", required=True, help="Odoo configuration file", dest="odoo_config")


def pytest_configure(config):
    import odoo.tools

    words = ["--config", config.getoption("odoo_config"), "--database", config.getoption("database")]
    odoo.tools.config.parse_config([*words, "--log-level", "error"], setup_logging=True)
