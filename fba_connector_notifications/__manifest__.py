{
    "name": "Fulfillment by Amazon: Notifications",
    "summary": "Amazon says what has changed, within seconds: its notifications through an SQS queue of yours",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Inventory",
    "author": "The fba_connector team",
    "license": "LGPL-3",
    "depends": ["fba_connector"],
    "external_dependencies": {"python": ["boto3"]},
    "data": [
        "security/ir.model.access.csv",
        "security/rules.xml",
        "data/ir_cron.xml",
        "views/fba_account_views.xml",
    ],
    "post_init_hook": "add_task_locks",
    "uninstall_hook": "unsubscribe",
}
