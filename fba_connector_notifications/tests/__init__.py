from . import (
    test_live,
    test_looking,
    test_polling,
    test_queue_set_up,
    test_receiving,
    test_rights,
    test_shared_queues,
    test_trust,
)
