"""The world of the access table, for what has to hold at every address."""

from tests.access.conftest import browse, built, shared, standing_world, world

__all__ = ["browse", "built", "shared", "standing_world", "world"]
