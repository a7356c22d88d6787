"""The shape in which a section's answers are stored: each with its revision, who gave it and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from screening.engine import canonical

# What the engine reads: {"value": ..}, {"unknown": ..} or {"entries": [..]}; empty when nobody answered.
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """One answer as it stands, after `revision` changes; an answer taken back keeps its revision."""

    answer: Answer
    revision: int
    by: UUID
    at: datetime
    # Filled by "Mark what is left as No: I read each one aloud".
    read_aloud: bool = False
    # The id of each entry of a list, in order: so that two windows change the same row.
    entry_ids: tuple[str, ...] = ()

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read one stored answer."""
        return cls(
            answer=document["answer"],
            revision=document["revision"],
            by=UUID(document["by"]),
            at=datetime.fromisoformat(document["at"]),
            read_aloud=document.get("read_aloud", False),
            entry_ids=tuple(document.get("entry_ids", ())),
        )

    def as_document(self) -> dict[str, Any]:
        """Return what is stored."""
        document: dict[str, Any] = {
            "answer": dict(self.answer),
            "revision": self.revision,
            "by": str(self.by),
            "at": self.at.isoformat(),
        }
        if self.read_aloud:
            document["read_aloud"] = True
        if self.entry_ids:
            document["entry_ids"] = list(self.entry_ids)
        return document


@dataclass(frozen=True, slots=True)
class SectionRecord:
    """All that is stored of one section."""

    answers: Mapping[str, StoredAnswer] = field(default_factory=dict)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Read one stored section."""
        stored = document["answers"].items()
        return cls({key: StoredAnswer.from_document(answer) for key, answer in stored})

    def as_document(self) -> dict[str, Any]:
        """Return what is stored."""
        return {"answers": {key: stored.as_document() for key, stored in self.answers.items()}}

    def revision(self, key: str) -> int:
        """Return how often the answer was changed; 0 where it never was."""
        stored = self.answers.get(key)
        return stored.revision if stored else 0

    def given(self) -> dict[str, Answer]:
        """Return the answers that stand, by question."""
        return {key: stored.answer for key, stored in self.answers.items() if stored.answer}

    def with_answer(self, key: str, stored: StoredAnswer) -> Self:
        """Return the section with this answer in place of what stood there."""
        return replace(self, answers={**self.answers, key: stored})


def given(records: Iterable[SectionRecord]) -> dict[str, Answer]:
    """Return the answers of several sections as the engine reads them."""
    return {key: answer for record in records for key, answer in record.given().items()}


def print_of(answer: Mapping[str, Any]) -> str:
    """Return a short print of an answer or an entry, by which a form tells whether it was changed."""
    return sha256(canonical(dict(answer)).encode()).hexdigest()[:12] if answer else "-"
