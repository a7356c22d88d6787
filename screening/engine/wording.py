"""The words of a document that readers see, and those that nothing here may say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from screening.engine.problems import under

PATTERN_FILE = Path(__file__).with_name("wording.txt")
QUOTED = re.compile(r"“[^”]*”")

# Where a document has text of its own that readers see. A published instrument's items and choices, its
# notices, and the citations of sources are quoted from others; keys are never shown.
_TEXTS = frozenset(
    {"title", "intended_use", "statement", "text", "stem", "help", "label", "low_label", "high_label", "unit",
     "guidance", "supports", "strength"}
)  # fmt: skip
_OF_AN_INSTRUMENT = frozenset({"text", "stem", "low_label", "high_label", "unit"})
_NO_TEXTS = frozenset(
    {"instruments", "choice_sets", "when", "unless", "shown_when", "when_hidden", "answers", "expect"}
)


@dataclass(frozen=True, slots=True)
class Words:
    """The pattern file: what is never written, and the phrases that are taken out first."""

    allowed: tuple[re.Pattern[str], ...]
    never: tuple[re.Pattern[str], ...]

    def found_in(self, text: str) -> list[str]:
        """Return each forbidden wording that the text has."""
        plain = " ".join(text.split())
        for allowed in self.allowed:
            plain = allowed.sub(" ", plain)
        return [match.group(0) for pattern in self.never for match in pattern.finditer(plain)]


@lru_cache(maxsize=1)
def read_words(path: Path = PATTERN_FILE) -> Words:
    """Return the patterns of the file; a line that is neither "allow" nor "never" is an error."""
    lists: dict[str, list[re.Pattern[str]]] = {"allow": [], "never": []}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            kind, pattern = line.split(maxsplit=1)
            lists[kind].append(re.compile(pattern, re.I))
    return Words(tuple(lists["allow"]), tuple(lists["never"]))


def own_texts(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every text of a document's own that readers see, with its place, without what it quotes.

    Left out are the wording of published instruments and the citations of sources.
    """
    quoted = _sets_of_instruments_alone(document)
    for name, choices in document.get("choice_sets", {}).items():
        if name not in quoted:
            yield from _texts(choices, under("choice_sets", name))
    yield from _texts(document, "")


def _texts(value: object, place: str) -> Iterator[tuple[str, str]]:
    match value:
        case list():
            for index, item in enumerate(value):
                yield from _texts(item, under(place, index))
        case dict():
            left_out = _OF_AN_INSTRUMENT if value.get("instrument") else frozenset()
            for name, inner in value.items():
                if isinstance(inner, str) and name in _TEXTS - left_out:
                    yield under(place, name), QUOTED.sub(" ", inner)
                elif isinstance(inner, str) and name == "grid":
                    yield under(place, name), inner
                elif name not in _NO_TEXTS:
                    yield from _texts(inner, under(place, name))


def _sets_of_instruments_alone(document: Mapping[str, Any]) -> frozenset[str]:
    """The choice sets that only questions of published instruments use."""
    users: dict[bool, set[str]] = {True: set(), False: set()}
    for section in document.get("sections", []):
        for question in section.get("questions", []):
            for asked in (question, *question.get("entry", [])):
                users[bool(asked.get("instrument"))].add(str(asked.get("choices")))
    return frozenset(users[True] - users[False])
