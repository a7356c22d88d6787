"""Sources as a reader sees them: how strong, whether somebody has read them, whether they are out of date."""

from dataclasses import dataclass
from datetime import date

from screening.engine import Read, Source

# The key by which documents cite that a rule, or a part of it, has no published source.
PRODUCT_DEFAULT = "product_default"


@dataclass(frozen=True, slots=True)
class SourceRead:
    """A source, how strong what it says is, and whether somebody has to look at it again."""

    key: str
    citation: str
    supports: str
    strength: str
    year: int | None
    read: str
    review_by: date
    to_be_verified: bool
    out_of_date_since: date | None

    @property
    def short(self) -> str:
        """First author, or title, and year: enough to find it in the list of sources."""
        head = self.citation.split(". ")[0].split(",")[0].split()
        while len(head) > 1 and head[-1].isupper() and len(head[-1]) <= 3:
            head.pop()
        name = " ".join(head)
        return name if self.year is None or str(self.year) in name else f"{name} {self.year}"

    @property
    def is_product_default(self) -> bool:
        """Whether it stands for "no published source": the basis says so already."""
        return self.key == PRODUCT_DEFAULT


def read_source(source: Source, *, today: date, verified: frozenset[str]) -> SourceRead:
    """Return how a source stands today: past its review day it is out of date."""
    return SourceRead(
        key=source.key,
        citation=source.citation,
        supports=source.supports,
        strength=source.strength,
        year=_year(source.citation),
        read=source.read.value,
        review_by=source.review_by,
        to_be_verified=source.read is Read.NO and source.key not in verified,
        out_of_date_since=source.review_by if source.review_by < today else None,
    )


def _year(citation: str) -> int | None:
    words = "".join(letter if letter.isdigit() else " " for letter in citation).split()
    years = [int(word) for word in words if len(word) == 4 and word[:2] in {"19", "20"}]
    return years[0] if years else None
