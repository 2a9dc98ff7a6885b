"""Scheduled work as jobs of OCA's queue_job: a job for each account and task, and jobs of a hundred records below it.

Without it the scheduled actions do the same work by the same methods, and so they do with it while no job runner works.
"""

from . import models
from .hooks import cancel_jobs, make_channels
