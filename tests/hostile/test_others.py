"""Ids of others, and fields that a form does not have, in every form: CHECKS 2 and 6."""

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse

from tests.hostile.conftest import Built
from tests.hostile.crawl import PERSONAS, name_of
from tests.hostile.pages import Field, Form
from tests.hostile.sending import post
from tests.hostile.undone import undone
from tests.hostile.world import World

UUID_TEXT = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
# What is another one each time: tokens, nonces, times of day; of ciphertext the length tells enough.
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"')
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?(\+00:00)?")
SEALED = re.compile(r"\\x[0-9a-f]+")
HASH = re.compile(r"'[A-Za-z0-9+/=_$:.-]{40,}'")
# Its value is whoever filled the form in's own: any id will do, and makes the form count once.
ANY_ID = frozenset({"form_key"})


@pytest.fixture
def forms(built: Built, persona: str) -> list[Form]:
    """The forms that this person meets, and nobody before them in the list."""
    return built.forms[persona]


BY_PERSONA = pytest.mark.parametrize("persona", PERSONAS)


@BY_PERSONA
def test_an_id_of_somebody_elses_says_as_little_as_an_unknown_one(
    standing_world: World, forms: list[Form]
) -> None:
    """CHECKS 2: in a body, as in an address (tests/access), the same answer, and nothing is written."""
    wrong = []
    for form in forms:
        for field in form.fields:
            if not _takes_an_id(field):
                continue
            unknown, wrote = _answered(standing_world, form, field, uuid4())
            wrong += [f"{form}, {field.name}, unknown: wrote {wrote}"] * bool(wrote)
            for name, other in standing_world.foreign.items():
                answer, wrote = _answered(standing_world, form, field, other)
                if answer != unknown:
                    # A page may tell the minute: then both are asked for within the same one.
                    unknown, _ = _answered(standing_world, form, field, uuid4())
                    answer, _ = _answered(standing_world, form, field, other)
                if answer != unknown or wrote:
                    wrong.append(f"{form}, {field.name}, {name}: {answer[0]} and not {unknown[0]}, {wrote}")
    assert wrong == [], "\n".join(wrong)


def _takes_an_id(field: Field) -> bool:
    values = (field.value, *field.choices)
    return field.name not in ANY_ID and any(UUID_TEXT.fullmatch(value) for value in values)


def _answered(world: World, form: Form, field: Field, value: UUID) -> tuple[tuple[int, str, str], list[str]]:
    with undone() as wrote:
        answer = post(world, form, form.filled() | {field.name: [str(value)]})
    return _without_ids(answer), wrote


def _without_ids(answer: HttpResponse) -> tuple[int, str, str]:
    page = UUID_TEXT.sub("*", TOKEN.sub("", answer.content.decode()))
    return answer.status_code, UUID_TEXT.sub("*", answer.headers.get("Location", "")), page


def test_ids_of_others_are_tried(built: Built) -> None:
    """A sweep that meets no field with an id proves nothing."""
    fields = {
        f"{name_of(form.action)} {field.name}"
        for forms in built.forms.values()
        for form in forms
        for field in form.fields
        if _takes_an_id(field)
    }
    assert {
        "clients:add_colleague colleague",
        "clients:remove_colleague user",
        "directory:edit contact",
        "people:supervisor supervisor",
        "referrals:choose listing",
        "referrals:move report",
        "referrals:move to",
    } <= fields


@BY_PERSONA
def test_a_field_that_a_form_does_not_have_changes_nothing(standing_world: World, forms: list[Form]) -> None:
    """CHECKS 6: what is written is the same, statement for statement, as without it."""
    wrong = []
    for form in forms:
        plain, more = form.filled(), dict(_more(standing_world))
        own = {field.name for field in form.fields}
        with undone() as expected:
            post(standing_world, form, plain)
        with undone() as wrote:
            post(
                standing_world,
                form,
                plain | {name: [value] for name, value in more.items() if name not in own},
            )
        if [*map(_shape, wrote)] != [*map(_shape, expected)]:
            wrong.append(f"{form}: {[*map(_shape, wrote)]} and not {[*map(_shape, expected)]}")
        if any(other.hex in statement for other in standing_world.foreign.values() for statement in wrote):
            wrong.append(f"{form}: wrote somebody else's id")
    assert wrong == [], "\n".join(wrong)


def _more(world: World) -> Iterator[tuple[str, str]]:
    """Yield what a model has and no form asks for, with the values that somebody might wish for."""
    person, organization = str(world.foreign["person"]), str(world.foreign["organization"])
    for name in ("organization", "owner", "prescriber", "practice", "recipient"):
        yield from ((name, organization), (f"{name}_id", organization))
    for name in ("by", "therapist", "provider", "user", "created_by", "completed_by", "signed_by", "lead"):
        yield from ((name, person), (f"{name}_id", person))
    for name in ("id", "pk", "client", "screening", "referral", "questionnaire"):
        yield from ((name, str(uuid4())), (f"{name}_id", str(uuid4())))
    for name in ("at", "created_at", "sent_at", "accepted_at", "completed_at", "ends_at", "until"):
        yield name, "2020-01-01T00:00:00Z"
    yield from (("status", "closed"), ("state", "published"), ("turn", "provider"), ("outcome", "proceeding"))
    yield from (("role", "admin"), ("duties", "clinical_owner"), ("is_active", "on"), ("is_staff", "on"))
    yield from (("is_superuser", "on"), ("is_admin", "on"), ("is_published", "on"), ("number", "99"))
    yield from (("version", "99"), ("revision", "99"), ("session_generation", "99"), ("due_on", "2030-01-01"))
    yield from (("needs_signature_from", ""), ("requires_signature", ""), ("part2_program", "yes"))
    yield from (("_method", "DELETE"), ("_save", "1"), ("hash", "0" * 64), ("digest", "0" * 64))


def _shape(statement: str) -> str:
    """Return a statement without what is another one each time."""
    shape = SEALED.sub(lambda found: f"<{len(found[0])} sealed>", statement)
    return HASH.sub("<hash>", MOMENT.sub("<moment>", UUID_TEXT.sub("<id>", shape)))
