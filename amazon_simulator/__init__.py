"""A stateful Amazon over HTTP: Login with Amazon and the Selling Partner API, for tests and demos.

    with SimulatorServer() as amazon:
        requests.post(amazon.lwa_url, data=...)

Four rooms, each of which may use the ones before it: `world`, `api`, `control`, `http`.
What it imitates, and what it does not, is in `docs/simulator.md`.
"""

from .http.server import SimulatorServer
from .world.sellers import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_MARKETPLACE_IDS, DEFAULT_REFRESH_TOKEN

__all__ = [
    "DEFAULT_CLIENT_ID",
    "DEFAULT_CLIENT_SECRET",
    "DEFAULT_MARKETPLACE_IDS",
    "DEFAULT_REFRESH_TOKEN",
    "SimulatorServer",
]
