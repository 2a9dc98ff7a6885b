"""Amazon's notifications: what has changed becomes due within seconds, and polling slows down.

They say where to look, no more: all that is booked is read from Amazon as before. Where they stay away, polling comes
back.
"""

from . import models
from .hooks import add_task_locks, unsubscribe
