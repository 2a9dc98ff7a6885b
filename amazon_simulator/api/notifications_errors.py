"""The refusals of the Notifications API. Their words, unless said otherwise, were seen in the field."""

from .errors import ApiError


class InvalidParameters(ApiError):
    """400. Source: amzn/selling-partner-api-models issues 4135, 2224; jlevers/selling-partner-api issue 885."""

    def __init__(self, details: str) -> None:
        message = "Request has missing or invalid parameters and cannot be parsed."
        super().__init__(400, "InvalidInput", message, details)


class Forbidden(ApiError):
    """403: something is in the way. Source: amzn/selling-partner-api-models issue 2113."""

    def __init__(self, details: str) -> None:
        super().__init__(403, "Unauthorized", "The requested action is forbidden.", details)


class Missing(ApiError):
    """404. The words are the simulator's own."""

    def __init__(self, details: str) -> None:
        super().__init__(404, "NotFound", "The resource specified does not exist.", details)


class DestinationExists(ApiError):
    """409. Source: amzn/selling-partner-api-models issue 2281; of an equal name the words are the simulator's own."""

    def __init__(self, details: str) -> None:
        super().__init__(409, "Conflict", "The requested resource conflict with a resource in the server.", details)


class SubscriptionExists(ApiError):
    """409. Source: amzn/selling-partner-api-docs issue 3448."""

    def __init__(self, notification_type: str) -> None:
        details = f"Subscription already exist for notification type {notification_type}"
        message = "The resource specified conflicts with the current state."
        super().__init__(409, "StateConflict", message, details)


class NoQueues(ApiError):
    """500: the simulator itself cannot reach a queue. Amazon has no such answer."""

    def __init__(self, message: str) -> None:
        super().__init__(500, "InternalFailure", message)
