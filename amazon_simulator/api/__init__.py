"""The interfaces a seller calls: Login with Amazon and the Selling Partner API. Built on `world`.

In reading order:

    served_world    the world, with access tokens, usage plans, pages, reports and subscriptions
    errors          Amazon's refusals
    operations      an operation: its route, its usage plan, its function
    lwa             Login with Amazon: access tokens
    throttle        usage plans
    paging          continuation tokens
    queries         reading of query parameters
    shapes          checks of JSON bodies
    outbound        Fulfillment Outbound 2020-07-01: the calls
    outbound_rules  the bodies and ids those calls accept
    outbound_dump   MCF orders as they answer
    preview         previews of MCF orders
    tracking        tracking of packages
    inventory       FBA Inventory v1
    orders          Orders 2026-01-01: the calls
    orders_dump     orders as they answer
    reports         Reports 2021-06-30: the calls
    report_rows     columns and rows of the reports
    report_file     a report's processing, and its document
    download        the URL a document is read from
    participations  Sellers v1: the seller's marketplaces
    notifications_types          types of notifications, their versions
    notifications_events         what Amazon says of a change
    notifications_envelope       the envelope of a message
    notifications_kept           destinations, subscriptions, messages on their way
    notifications_errors         refusals of the Notifications API
    queues                       queues of Amazon SQS, by boto3
    queue_policy                 whether a queue lets notifications in
    notifications_destinations   Notifications v1: where to
    notifications_subscriptions  Notifications v1: what, about whom
    catalog         all operations by name
"""
