{
    "name": "Fulfillment by Amazon: Job Queue",
    "summary": "The scheduled work of Fulfillment by Amazon on many workers and machines, with OCA's queue_job",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "The fba_connector team",
    "license": "LGPL-3",
    "depends": ["fba_connector", "queue_job"],
    "data": [
        "data/queue_job_function.xml",
        "views/fba_account_views.xml",
    ],
    "auto_install": True,
    "post_init_hook": "make_channels",
    "uninstall_hook": "cancel_jobs",
}
