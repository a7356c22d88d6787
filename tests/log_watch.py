"""Listens to all that a test run logs, and to all that it seals: nothing sealed may have been logged."""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from config import logs
from privacy.encryption import Binding

# Shorter ones, and plain keys (`not_known`), turn up in any log by themselves.
SHORTEST, LONGEST = 6, 400
KEY = re.compile(r"[a-z0-9_.:-]*")
# What differs from line to line and is nobody's: ids, digests, times, the length of a chain.
VARYING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+|\bnumber \d+"
)


class Heard(logging.Handler):
    """Every different line of a run, as the product writes it, and every text that was sealed."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: set[str] = set()
        self.sealed: set[str] = set()
        self.setFormatter(logs.Line())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.lines.add(VARYING.sub("*", self.format(record)))

    def keep(self, plain: bytes) -> None:
        """Keep what can be told apart in a value that is being sealed."""
        text = plain.decode(errors="replace")
        try:
            texts = _texts(json.loads(text))
        except ValueError:
            texts = iter([text])
        self.sealed.update(filter(_can_be_told, texts))

    def leaks(self) -> list[str]:
        """Return the sealed texts that stand in a line, with one such line."""
        everything = "\n".join(sorted(self.lines))
        found = [text for text in self.sealed if text in everything]
        return [f"{text!r} in {next(line for line in self.lines if text in line)!r}" for text in found]


def _can_be_told(text: str) -> bool:
    return SHORTEST <= len(text) <= LONGEST and not KEY.fullmatch(text) and "\n" not in text


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for item in value.values():
                yield from _texts(item)
        case list():
            for item in value:
                yield from _texts(item)


@contextmanager
def listening(to: logging.Logger) -> Iterator[Heard]:
    """Listen to a logger, and to what is sealed, until the block ends."""
    heard, seal = Heard(), Binding.seal

    def seal_and_keep(self: Binding, plain: bytes) -> bytes:
        heard.keep(plain)
        return seal(self, plain)

    Binding.seal = seal_and_keep
    to.addHandler(heard)
    try:
        yield heard
    finally:
        to.removeHandler(heard)
        Binding.seal = seal
