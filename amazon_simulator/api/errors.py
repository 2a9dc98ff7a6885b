"""The errors the simulator returns: codes and texts as Amazon sends them."""


class ApiError(Exception):
    """An SP-API answer `{"errors": [{code, message, details}]}`.

    Source: ErrorList in Amazon's models. Texts of 400 other than the two in `outbound_rules.py` that were seen in the
    field are the simulator's own.
    """

    def __init__(self, status: int, code: str, message: str, details: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details

    def body(self) -> dict[str, object]:
        return error_body(self.code, self.message, self.details)


class InvalidInput(ApiError):
    """400: Amazon read the request and said no."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(400, "InvalidInput", message, details)


class NotFound(ApiError):
    """404: the resource is not known to this seller."""

    def __init__(self, message: str) -> None:
        super().__init__(404, "ResourceNotFound", message)


class Unauthorized(ApiError):
    """403: access token missing, unknown or expired. Source: amzn/selling-partner-api-models issue 1461."""

    def __init__(self, details: str) -> None:
        super().__init__(403, "Unauthorized", "Access to requested resource is denied.", details)


class QuotaExceeded(ApiError):
    """429: the usage plan is used up; nothing was done. Source: SP-API, Usage Plans and Rate Limits; text as seen."""

    def __init__(self) -> None:
        super().__init__(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")


class LwaError(Exception):
    """A Login with Amazon answer `{"error", "error_description"}`."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description

    def body(self) -> dict[str, object]:
        return {"error": self.error, "error_description": self.description}


def error_body(code: str, message: str, details: str = "") -> dict[str, object]:
    """The JSON of one SP-API error."""
    return {"errors": [{"code": code, "message": message, "details": details}]}
