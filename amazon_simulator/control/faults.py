"""Armed failures of the next calls of an operation."""

from dataclasses import dataclass

from .armed import Armed, ArmedList, is_number

KINDS = ("status", "html", "empty", "truncated", "drop_before", "drop_after", "slow")

DEFAULT_ERRORS = {
    400: ("InvalidInput", "Invalid input."),
    401: ("Unauthorized", "Access to requested resource is denied."),
    403: ("Unauthorized", "Access to requested resource is denied."),
    404: ("ResourceNotFound", "Resource not found."),
    429: ("QuotaExceeded", "You exceeded your quota for the requested resource."),
    500: ("InternalFailure", "We encountered an internal error. Please try again."),
    503: ("ServiceUnavailable", "Service is temporarily unavailable."),
}
"""Code and message of an error, by its HTTP status."""


@dataclass(kw_only=True)
class Fault(Armed):
    """One failure. `seconds`: real time, for `slow`.

    `after_effect`: the call does its work first, then the answer is lost (or late).
    """

    count: int | None = 1
    kind: str
    status: int = 503
    seconds: float = 0.0
    code: str = ""
    message: str = ""
    after_effect: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r}; known: {', '.join(KINDS)}")
        if not isinstance(self.status, int) or not 200 <= self.status <= 599:
            raise ValueError("status must be an HTTP status from 200 to 599")
        if not is_number(self.seconds) or self.seconds < 0:
            raise ValueError("seconds must be a number of at least 0")
        super().__post_init__()
        if self.kind == "truncated":
            self.status = 200
        if self.kind == "drop_after":
            self.after_effect = True
        code, message = DEFAULT_ERRORS.get(self.status, ("InternalFailure", "We encountered an internal error."))
        self.code = self.code or code
        self.message = self.message or message


class Faults(ArmedList[Fault]):
    """The armed faults."""

    def take(self, operation: str) -> Fault | None:
        """The fault this call meets, used up once."""
        fault = next((fault for fault in self if fault.hits(operation) and fault.strikes()), None)
        if fault is not None:
            self.use_up(fault)
        return fault
