"""Several Odoo servers and a job runner on one database, killed in turn (`make test ARGS=queue`)."""
