"""The simulator over HTTP. Built on `control`, `api` and `world`.

In reading order:

    server  a thread, a port, and connections that stay open
    app     one request: route, fault, token, function, journal
    publisher  messages to the queues of who subscribes
    routes  method and path to operation
    page    the web page at `/`, in page.html
"""
