"""How much of one of Amazon's usage plans was used; the plans that are measured are alike."""

from .shop import SERVER

KEEPS_PLAN = SERVER.replace("1e6", "1")
"""For `process("-c", …)`: as SERVER, with Amazon's usage plans."""
BURST, RATE, LATENCY_S = 30, 2.0, 0.3


def used(calls: int, refused: int, seconds: float) -> dict[str, float]:
    """{share_of_plan, refused}: of the calls that the plan allows in this time beside its burst; of all calls."""
    return {
        "share_of_plan": round(max(calls - BURST, 0) / RATE / seconds, 3),
        "refused": round(refused / (calls + refused), 4),
    }
