"""How hypothesis plays sequences of what happens on Odoo."""

from hypothesis import HealthCheck, Phase, settings

# Odoo's savepoints make each example a fresh start; shrinking over HTTP would take minutes for little.
SEQUENCES = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
