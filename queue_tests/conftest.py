"""As the tests of killed workers: a database whose changes stay."""

from crash_tests.conftest import pytest_addoption, pytest_configure  # noqa: F401 (hooks of pytest)
