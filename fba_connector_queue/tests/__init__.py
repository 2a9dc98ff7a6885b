from . import test_parts, test_queue
