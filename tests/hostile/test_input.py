"""Whatever is typed into a field of whatever form, the answer is a refusal beside it: CHECKS 30."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse

from tests.hostile import values
from tests.hostile.conftest import Built
from tests.hostile.crawl import PERSONAS, name_of
from tests.hostile.pages import Field, Form, error_at, value_at
from tests.hostile.sending import URLENCODED, Sent, post, post_raw
from tests.hostile.undone import undone
from tests.hostile.world import World

BY_PERSONA = pytest.mark.parametrize("persona", PERSONAS)
# A section keeps each answer that is right, also where another one of the same form is wrong; a page of the
# builder keeps what was typed as unfinished, beside the draft.
SAVES_THE_REST = frozenset(
    {
        "screenings:section",
        "questionnaires:build_add_inner",
        "questionnaires:build_add_question",
        "questionnaires:build_add_section",
        "questionnaires:build_consideration",
        "questionnaires:build_criterion",
        "questionnaires:build_indication",
        "questionnaires:build_new_consideration",
        "questionnaires:build_new_criterion",
        "questionnaires:build_new_indication",
        "questionnaires:build_new_score",
        "questionnaires:build_new_source",
        "questionnaires:build_question",
        "questionnaires:build_question_gate",
        "questionnaires:build_scope",
        "questionnaires:build_score",
        "questionnaires:build_section",
        "questionnaires:build_section_gate",
        "questionnaires:build_source",
        "questionnaires:build_vignette",
    }
)


@pytest.fixture
def forms(built: Built, persona: str) -> list[Form]:
    """The forms that this person meets, and nobody before them in the list."""
    return built.forms[persona]


@BY_PERSONA
def test_what_cannot_be_stored_is_refused_beside_its_field(standing_world: World, forms: list[Form]) -> None:
    """CHECKS 30."""
    wrong = []
    for form in forms:
        asked = [each for each in form.fields if each.is_typed and not stands_apart(form, each)]
        for number, typed in enumerate(asked):
            # Each field meets two, and every form of several fields meets all.
            for name in list(values.UNSTORABLE)[number % 4 :: 4]:
                sent = form.filled() | {typed.name: [values.UNSTORABLE[name]]}
                with undone() as wrote:
                    answer = post(standing_world, form, sent)
                wrong += [
                    f"{form}, {typed.name}, {name}: {each}" for each in _flaws(form, typed, answer, wrote)
                ]
    assert wrong == [], "\n".join(wrong)


# In the builder a question's kind decides which of these its page asks for; the sweep changes the kind too.
OF_ONE_KIND = frozenset({"minimum", "maximum", "decimals", "unit", "low_label", "high_label"})


def stands_apart(form: Form, field: Field) -> bool:
    """Whether a field only shortens a list of facts, or belongs to another kind of question."""
    by_kind = name_of(form.action) == "questionnaires:build_question" and field.name in OF_ONE_KIND
    return by_kind or field.name.endswith("-find")


def _flaws(form: Form, typed: Field, answer: HttpResponse, wrote: list[str]) -> Iterator[str]:
    name = name_of(form.action)
    if not 400 <= answer.status_code < 500:
        yield f"answered {answer.status_code}"
    if wrote and name not in SAVES_THE_REST:
        yield f"wrote {wrote}"
    if answer.status_code != 422:
        return
    # What is typed a second time is compared once the first is good.
    if "Error:" not in error_at(answer, typed.name) and typed.kind != "password":
        yield f"no error beside it, but {error_at(answer, typed.name)!r}"
    if typed.kind != "password" and "kept words" not in value_at(answer, typed.name):
        yield "what was typed is gone"


@BY_PERSONA
def test_odd_values_are_never_more_than_a_refusal(standing_world: World, forms: list[Form]) -> None:
    """CHECKS 30: in every field at once, in each field alone, twice, and where no field is."""
    wrong = []
    for turn, form in enumerate(forms):
        for name, sent in _odd(form, turn):
            with undone() as wrote:
                answer = post(standing_world, form, sent)
            if answer.status_code >= 500:
                wrong.append(f"{form}, {name}: {answer.status_code}")
            if answer.status_code >= 400 and wrote and name_of(form.action) not in SAVES_THE_REST:
                wrong.append(f"{form}, {name}: refused and written: {wrote}")
    assert wrong == [], "\n".join(wrong)


def _odd(form: Form, turn: int) -> Iterator[tuple[str, Sent]]:
    names = sorted({each.name for each in form.fields})
    odd = list(values.ODD.items())
    # Each form meets a third of them everywhere at once, and every three forms meet all.
    for what, value in [*odd[turn % 3 :: 3], *values.UNSTORABLE.items()]:
        yield f"{what} everywhere", {name: [value] for name in names}
    yield "all twice", {name: [*sent, "no such choice"] for name, sent in form.filled().items()}
    yield "in brackets", {f"{name}[]": sent for name, sent in form.filled().items()}
    for number, name in enumerate(names, start=turn):
        for what, value in (odd[number % len(odd)], ("a NUL", "\0")):
            yield f"{what} in {name}", form.filled() | {name: [value]}


@BY_PERSONA
def test_a_form_that_is_no_form_is_refused(standing_world: World, forms: list[Form]) -> None:
    """CHECKS 30: too large, too many, cut short, of another type."""
    wrong = []
    for form in forms:
        field = next((each.name for each in form.fields if each.is_typed), "note")
        for what, body, content_type, expected in _bodies(field):
            with undone() as wrote:
                answer = post_raw(standing_world, form, body, content_type)
            code = answer.status_code
            kept = wrote and name_of(form.action) not in SAVES_THE_REST
            if code >= 500 or (expected and code not in expected) or (code >= 400 and kept):
                wrong.append(f"{form}, {what}: {code} {wrote}")
    assert wrong == [], "\n".join(wrong)


def _bodies(field: str) -> Iterator[tuple[str, bytes, str, tuple[int, ...]]]:
    """Yield bodies with their content type, and which answers are right where not all below 500 are."""
    name = field.encode()
    yield "10 MB", name + b"=" + values.TEN_MEGABYTES, URLENCODED, (400, 413)
    yield "100,000 fields", values.MANY_FIELDS, URLENCODED, (400, 413)
    part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n' % name
    multipart = "multipart/form-data; boundary=b"
    yield "10 MB in parts", part + values.TEN_MEGABYTES + b"\r\n--b--\r\n", multipart, (400, 413)
    yield "cut short", part + b"half a", multipart, ()
    yield "no boundary", part + b"x\r\n--b--\r\n", "multipart/form-data", (400,)
    yield "a boundary of nothing", part, "multipart/form-data; boundary=", (400,)
    as_file = part.replace(b"\r\n\r\n", b'; filename="../\x00.html"\r\nContent-Type: text/html\r\n\r\n')
    yield "a file", as_file + b"<script>\r\n--b--\r\n", multipart, ()
    yield (
        "a strange encoding",
        part.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n") + (b"!!!\r\n--b--\r\n"),
        multipart,
        (),
    )
    yield "an unknown charset", name + b"=x", f"{URLENCODED}; charset=nonsense", ()
    yield "another charset", "a=\u20ac".encode("utf-16"), f"{URLENCODED}; charset=utf-16", ()
    yield "JSON, 5,000 deep", values.DEEP, "application/json", ()
    yield "text", values.DEEP, "text/plain", ()
    yield "no type", name + b"=x", "", ()
    for what, damaged in values.DAMAGED.items():
        yield what, name + b"=" + damaged + b"&" + damaged + b"=x", URLENCODED, ()


def test_forms_are_met(built: Built) -> None:
    """A sweep that meets no form proves nothing."""
    met = {persona: len(forms) for persona, forms in built.forms.items()}
    assert met["therapist"] > 30
    assert sum(met.values()) > 60
