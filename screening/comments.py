"""What was said about a version, by its place: for the reviewer's page and beside the builder's fields."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import Duty, User
from screening.engine import Definition
from screening.models import Place, QuestionnaireVersion, ReviewComment

# A place of a version: what kind of thing, and its key there.
Where = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said first, and the replies to it."""

    first: ReviewComment
    replies: tuple[ReviewComment, ...]
    # Whether the reader may say that it is settled.
    may_settle: bool = False

    @property
    def is_in_the_way(self) -> bool:
        """Whether it stands in the way of approving the version."""
        return self.first.is_open and self.first.must_be_settled


@dataclass(frozen=True, slots=True)
class Comments:
    """Everything that was said about a version."""

    threads: tuple[Thread, ...]

    @property
    def still_open(self) -> tuple[Thread, ...]:
        """Threads that nobody has settled."""
        return tuple(thread for thread in self.threads if thread.first.is_open)

    @property
    def in_the_way(self) -> tuple[Thread, ...]:
        """Open threads that have to be settled first."""
        return tuple(thread for thread in self.threads if thread.is_in_the_way)

    def at(self, place: str, key: str = "") -> tuple[Thread, ...]:
        """What was said in one place."""
        return self.by_place.get((place, key), ())

    @property
    def by_place(self) -> Mapping[Where, tuple[Thread, ...]]:
        """The threads by their place."""
        found: dict[Where, tuple[Thread, ...]] = {}
        for thread in self.threads:
            where = (thread.first.place, thread.first.key)
            found[where] = (*found.get(where, ()), thread)
        return found


def comments_of(version: QuestionnaireVersion, reader: User | None = None) -> Comments:
    """Fetch what was said about a version, in one query."""
    said = list(version.comments.select_related("by", "settled_by").order_by("at", "id"))
    replies: dict[object, list[ReviewComment]] = {}
    for each in said:
        # Whoever may settle it is asked of the version, which is at hand.
        each.version = version
        if each.answers_to_id:
            replies.setdefault(each.answers_to_id, []).append(each)
    first = [each for each in said if each.answers_to_id is None]
    return Comments(
        tuple(
            Thread(each, tuple(replies.get(each.pk, ())), reader is not None and may_settle(reader, each))
            for each in first
        )
    )


def may_settle(person: User, comment: ReviewComment) -> bool:
    """Whether this person may say that a comment is settled.

    One that must be settled isn't cleared by the version's author alone, unless they wrote it.
    """
    if not comment.must_be_settled or comment.by_id == person.pk:
        return True
    return person.has_duty(Duty.CLINICAL_OWNER) and not comment.version.is_work_of(person)


def has_place(definition: Definition, place: str, key: str) -> bool:
    """Whether a version has such a place."""
    return key in _keys_of(definition, place)


def _keys_of(definition: Definition, place: str) -> Iterable[str]:
    match place:
        case Place.VERSION:
            return {""}
        case Place.SECTION:
            return {each.key for each in definition.sections}
        case Place.QUESTION:
            return {each.key for top in definition.questions for each in (top, *top.entry)}
        case Place.SCORE:
            return {each.key for each in definition.scores}
        case Place.INDICATION:
            return {each.key for each in definition.indications}
        case Place.CRITERION:
            return {f"{of.key}.{each.key}" for of in definition.indications for each in of.criteria}
        case Place.CONSIDERATION:
            return {each.key for each in definition.considerations}
        case Place.SOURCE:
            return {each.key for each in definition.sources}
        case Place.VIGNETTE:
            return {each.key for each in definition.vignettes}
    return ()
