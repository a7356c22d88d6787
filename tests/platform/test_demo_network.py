"""The demonstration's network: made by actions alone, every status there, and each what its events say."""

from datetime import UTC, datetime

from config.demo import network
from tests import databases

NOW = datetime(2026, 11, 24, 20, 30, tzinfo=UTC)


def test_load(committed: databases.Clone) -> None:
    network.load(now=NOW)
