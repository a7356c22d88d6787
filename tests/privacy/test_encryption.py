"""Sealed columns: what goes in comes out for the same row only, and nothing of it can be read or asked."""

import copy
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, When
from django.db.models.functions import Concat, Length, Lower, Upper
from django.test.utils import CaptureQueriesContext, isolate_apps
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql

from privacy import context, keys
from privacy.encryption import (
    Binding,
    EncryptedColumn,
    EncryptedJSONField,
    EncryptedTextField,
    SealBroken,
    blind_index,
    opener,
)
from privacy.models import DataKey
from tests.privacy.samples import Letter

Owner = psycopg.Connection[tuple[Any, ...]]

pytestmark = pytest.mark.django_db

WORDS = "Marisol Vega, 503 555 0142"
DOCUMENT = {"answers": {"phq9_1": {"value": "more_than_half"}}, "said": ["Marisol Vega", 7, None, True, 1.5]}


def write(organization_id: UUID, **values: Any) -> Letter:
    with context.enter(organization_id):
        return Letter.objects.create(organization_id=organization_id, **{"subject": WORDS, **values})


def read(letter: Letter, **keep: Any) -> Letter:
    with context.enter(letter.organization_id):
        return Letter.objects.get(pk=letter.pk)


def twin_of(letter: Letter) -> Letter:
    """Return what `copy.copy` gives (which asks the registry for the model), with an id of its own."""
    twin = Letter()
    vars(twin).update(vars(letter) | {"_state": copy.copy(letter._state), "id": uuid4()})
    twin._state.adding = True
    return twin


def raw(owner: Owner, letter: Letter, column: str = "subject") -> bytes:
    """Read a column as it is stored: the owner is held by FORCE too, so as the organization."""
    with owner.transaction():
        owner.execute("SELECT set_config('app.organization', %s, true)", [str(letter.organization_id)])
        query = sql.SQL("SELECT {} FROM tests_letter WHERE id = %s").format(sql.Identifier(column))
        row = owner.execute(query, [letter.pk]).fetchone()
    assert row is not None
    return bytes(row[0])


def overwrite(owner: Owner, letter: Letter, sealed: bytes, column: str = "subject") -> None:
    with owner.transaction():
        owner.execute("SELECT set_config('app.organization', %s, true)", [str(letter.organization_id)])
        query = sql.SQL("UPDATE tests_letter SET {} = %s WHERE id = %s").format(sql.Identifier(column))
        owner.execute(query, [sealed, letter.pk])


@pytest.mark.parametrize("words", ["", " ", WORDS, "ш漢字🙂\n\t", "x" * 100_000])
def test_text_comes_out_as_it_went_in(ours: UUID, words: str) -> None:
    assert read(write(ours, subject=words)).subject == words


@pytest.mark.parametrize("document", [DOCUMENT, [], {}, "text", 0, False, {"b": 1, "a": 2}])
def test_a_document_comes_out_as_it_went_in(ours: UUID, document: Any) -> None:
    found = read(write(ours, body=document)).body
    assert (found, list(found) if isinstance(found, dict) else None) == (
        document,
        list(document) if isinstance(document, dict) else None,
    )


def test_nothing_stays_null_and_can_be_asked_for(ours: UUID) -> None:
    empty, full = write(ours), write(ours, note="", body={})
    with context.enter(ours):
        assert list(Letter.objects.filter(note__isnull=True, body__isnull=True)) == [empty]
        assert list(Letter.objects.filter(note__isnull=False)) == [full]
    assert (read(empty).note, read(empty).body, read(full).note, read(full).body) == (None, None, "", {})


def test_a_raw_row_holds_nothing_in_clear(ours: UUID, as_owner: Owner) -> None:
    """CHECKS 33."""
    letter = write(ours, note=WORDS, body=DOCUMENT)
    for column in ("subject", "note", "body"):
        stored = raw(as_owner, letter, column)
        for piece in (b"Marisol", b"Vega", b"555", b"phq9_1", b"more_than_half"):
            assert piece not in stored


def test_the_same_words_are_sealed_differently_each_time(ours: UUID, as_owner: Owner) -> None:
    assert raw(as_owner, write(ours)) != raw(as_owner, write(ours))


def test_a_value_moved_to_another_row_does_not_open(ours: UUID, as_owner: Owner) -> None:
    """CHECKS 33."""
    first, second = write(ours, subject="first"), write(ours, subject="second")
    overwrite(as_owner, second, raw(as_owner, first))
    with pytest.raises(SealBroken):
        _ = read(second).subject
    assert read(first).subject == "first"


def test_a_value_moved_to_another_column_does_not_open(ours: UUID, as_owner: Owner) -> None:
    """CHECKS 33."""
    letter = write(ours, note="a note")
    overwrite(as_owner, letter, raw(as_owner, letter, "note"), "subject")
    with pytest.raises(SealBroken):
        _ = read(letter).subject


def test_a_value_of_another_organization_does_not_open(ours: UUID, theirs: UUID, as_owner: Owner) -> None:
    """CHECKS 33."""
    mine, other = write(ours), write(theirs)
    overwrite(as_owner, mine, raw(as_owner, other))
    with pytest.raises(SealBroken):
        _ = read(mine).subject


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
        lambda sealed: b"\x02" + sealed[1:],
        lambda sealed: sealed[:20],
        lambda sealed: b"",
        lambda sealed: WORDS.encode(),
    ],
)
def test_a_changed_value_does_not_open(ours: UUID, as_owner: Owner, spoil: Callable[[bytes], bytes]) -> None:
    letter = write(ours)
    overwrite(as_owner, letter, spoil(raw(as_owner, letter)))
    with pytest.raises(SealBroken):
        _ = read(letter).subject


def test_a_wrong_key_raises(ours: UUID) -> None:
    """CHECKS 33."""
    letter = write(ours)
    with context.enter(None):
        DataKey.objects.filter(organization_id=ours).update(wrapped=keys.wrap(ours, "tests", bytes(32)))
    keys.forget()
    with pytest.raises(SealBroken):
        _ = read(letter).subject


def test_an_organization_without_a_key_cannot_seal(ours: UUID) -> None:
    with pytest.raises(keys.KeyMissing), context.enter(None):
        Letter(organization_id=uuid4(), subject=WORDS).save()


QUERIES: list[Callable[[Any], Any]] = [
    lambda letters: letters.update(subject="other"),
    lambda letters: letters.update(note=None),
    lambda letters: letters.bulk_update([letters.get()], ["subject"]),
    lambda letters: letters.filter(subject=WORDS).count(),
    lambda letters: letters.filter(Q(subject__startswith="M") | Q(plain="")).count(),
    lambda letters: letters.exclude(subject__in=[WORDS]).count(),
    lambda letters: letters.filter(body__answers__phq9_1="x").count(),
    lambda letters: letters.get_or_create(subject=WORDS),
    lambda letters: letters.update(subject=F("plain")),
    lambda letters: letters.update(subject=Upper("plain")),
    lambda letters: letters.update(subject=F("note")),
    lambda letters: letters.update(plain=F("subject")),
    lambda letters: letters.update(plain=Lower("subject")),
    lambda letters: list(letters.order_by("subject")),
    lambda letters: list(letters.order_by("-subject")),
    lambda letters: list(letters.order_by(F("subject").desc(nulls_last=True))),
    lambda letters: list(letters.order_by(Lower("subject"))),
    lambda letters: letters.latest("subject"),
    lambda letters: list(letters.annotate(words=F("subject"))),
    lambda letters: list(letters.annotate(words=Upper("subject"))),
    lambda letters: list(letters.annotate(words=Concat("plain", "subject"))),
    lambda letters: list(letters.alias(words=Length("subject")).filter(words=3)),
    lambda letters: list(letters.annotate(words=Case(When(plain="", then="subject"), default="note"))),
    lambda letters: letters.aggregate(Max("subject")),
    lambda letters: letters.aggregate(Count("subject", distinct=True)),
    lambda letters: list(letters.values("plain").annotate(Max("subject"))),
    lambda letters: list(letters.values("subject").annotate(Count("pk"))),
    lambda letters: list(letters.values_list("subject", flat=True).distinct()),
    lambda letters: list(letters.distinct("subject")),
    lambda letters: list(letters.values("subject__length")),
    lambda letters: list(letters.values("body__answers")),
    lambda letters: letters.filter(plain=F("subject")).count(),
    lambda letters: letters.filter(Exists(letters.filter(plain=OuterRef("subject")))).count(),
]

ALLOWED: list[Callable[[Any], Any]] = [
    lambda letters: letters.filter(note__isnull=True).count(),
    lambda letters: letters.filter(note__isnull=True).exists(),
    lambda letters: letters.exclude(note__isnull=False).count(),
    lambda letters: letters.exclude(subject__isnull=True).order_by("plain").count(),
    lambda letters: len(letters.filter(~Q(note__isnull=False) & Q(plain=""))),
    lambda letters: len(letters.distinct()),
    lambda letters: len(letters.annotate(many=Count("plain"))),
    lambda letters: len(letters.values_list("subject", "note")),
    lambda letters: len(letters.only("subject", "organization_id")),
    lambda letters: len(letters.filter(pk__in=letters.filter(note__isnull=True).values("pk"))),
    lambda letters: len(letters.select_for_update().order_by("pk")),
]


@pytest.mark.parametrize("query", ALLOWED)
def test_a_query_may_fetch_a_sealed_column_and_ask_whether_it_is_empty(
    ours: UUID, query: Callable[[Any], Any]
) -> None:
    write(ours)
    with context.enter(ours):
        assert query(Letter.objects) == 1


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_that_reads_or_writes_a_sealed_column_raises(ours: UUID, query: Callable[[Any], Any]) -> None:
    letter = write(ours)
    with pytest.raises(FieldError, match=r"encrypted|not permitted"), context.enter(ours):
        query(Letter.objects)
    assert read(letter).subject == WORDS


def test_many_rows_are_sealed_at_once(ours: UUID) -> None:
    with context.enter(ours):
        Letter.objects.bulk_create(
            [Letter(organization_id=ours, subject=f"number {number}") for number in range(3)]
        )
        assert sorted(letter.subject for letter in Letter.objects.all()) == [
            "number 0",
            "number 1",
            "number 2",
        ]


def test_values_without_their_row_stay_sealed(ours: UUID) -> None:
    write(ours)
    with context.enter(ours):
        held = Letter.objects.values_list("subject", flat=True).get()
    assert repr(held) == "<sealed>"
    with pytest.raises(EncryptedColumn):
        str(held)


def test_a_list_opens_values_by_their_rows_ids_and_no_others(
    ours: UUID, theirs: UUID, as_owner: Owner
) -> None:
    """CHECKS 33."""
    first, second = write(ours, subject="first"), write(ours, subject="second")
    with context.enter(ours):
        rows = dict(Letter.objects.values_list("pk", "subject"))
        subject, note = (opener(Letter, name, ours) for name in ("subject", "note"))
        assert {pk: subject(pk, held) for pk, held in rows.items()} == {
            first.pk: "first",
            second.pk: "second",
        }
        assert note(second.pk, Letter.objects.values_list("note", flat=True).get(pk=second.pk)) is None
        for moved in (
            lambda: subject(second.pk, rows[first.pk]),
            lambda: note(first.pk, rows[first.pk]),
            lambda: opener(Letter, "subject", theirs)(first.pk, rows[first.pk]),
        ):
            with pytest.raises(SealBroken):
                moved()


def test_a_value_opens_without_a_query(ours: UUID) -> None:
    letter = write(ours)
    with context.enter(ours):
        found = Letter.objects.get(pk=letter.pk)
        with CaptureQueriesContext(connection) as queries:
            assert found.subject == WORDS
        assert queries.captured_queries == []


def test_a_key_is_fetched_once_a_process(ours: UUID) -> None:
    letter = write(ours)
    keys.forget()
    with context.enter(ours), CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            assert Letter.objects.get(pk=letter.pk).subject == WORDS
    assert sum("privacy_datakey" in query["sql"] for query in queries) == 1


def test_a_deferred_value_is_fetched_by_one_query(ours: UUID) -> None:
    letter = write(ours, note="later")
    with context.enter(ours):
        found = Letter.objects.defer("note").get(pk=letter.pk)
        with CaptureQueriesContext(connection) as queries:
            assert (found.note, found.note) == ("later", "later")
    assert len(queries) == 1


def test_refreshing_reads_the_row_again(ours: UUID) -> None:
    letter = write(ours)
    with context.enter(ours):
        other = Letter.objects.get(pk=letter.pk)
        other.subject = "changed"
        other.save(update_fields=["subject"])
        letter.refresh_from_db()
        assert letter.subject == "changed"
        letter.subject = "mine"
        letter.refresh_from_db(fields=["subject"])
        assert letter.subject == "changed"


def test_an_unchanged_value_keeps_its_ciphertext(ours: UUID, as_owner: Owner) -> None:
    letter = write(ours, body=DOCUMENT)
    before = (raw(as_owner, letter), raw(as_owner, letter, "body"))
    with context.enter(ours):
        found = Letter.objects.get(pk=letter.pk)
        assert found.body == DOCUMENT
        found.plain = "touched"
        found.save()
    assert (raw(as_owner, letter), raw(as_owner, letter, "body")) == before


def test_a_document_changed_in_place_is_saved(ours: UUID) -> None:
    letter = write(ours, body={"said": ["one"]})
    with context.enter(ours):
        found = Letter.objects.get(pk=letter.pk)
        found.body["said"].append("two")
        found.save()
    assert read(letter).body == {"said": ["one", "two"]}
    with context.enter(ours):
        letter.body["said"].append("three")
        letter.save()
    assert read(letter).body == {"said": ["one", "three"]}


def test_a_copy_with_an_id_of_its_own_is_sealed_anew(ours: UUID) -> None:
    found = read(write(ours, body=DOCUMENT))
    assert (found.subject, found.note, found.body) == (WORDS, None, DOCUMENT)
    twin = twin_of(found)
    with context.enter(ours):
        twin.save(force_insert=True)
    assert (read(twin).subject, read(twin).body, read(found).subject) == (WORDS, DOCUMENT, WORDS)


def test_a_copy_that_was_never_opened_is_refused_and_not_written_broken(ours: UUID) -> None:
    twin = twin_of(read(write(ours)))
    with pytest.raises(SealBroken), context.enter(ours):
        twin.save(force_insert=True)


def test_a_row_does_not_change_its_organization(ours: UUID, theirs: UUID) -> None:
    letter = read(write(ours))
    letter.organization_id = theirs
    with pytest.raises(SealBroken):
        _ = letter.subject


def test_text_fields_take_text_and_documents_take_json(ours: UUID) -> None:
    for values in (
        {"subject": 7},
        {"subject": b"bytes"},
        {"body": {"when": object()}},
        {"body": float("nan")},
    ):
        with pytest.raises((TypeError, ValueError)):
            write(ours, **values)


@given(text=st.text(min_size=5).filter(lambda text: len(text.encode("utf-8", "replace")) > 4))
def test_any_text_seals_to_something_else_and_opens_again(text: str) -> None:
    """CHECKS 33, on any text that can be stored."""
    try:
        plain = text.encode()
    except UnicodeEncodeError:
        return
    organization_id, other_id = UUID(int=7), UUID(int=8)
    # The same key for two: the place alone has to keep them apart.
    same = keys.opened_from(bytes(32))
    keys._opened.update({organization_id: same, other_id: same})
    binding = Binding("table", "column", UUID(int=1), organization_id)
    sealed = binding.seal(plain)
    assert plain not in sealed
    assert len(sealed) == len(plain) + 29
    assert binding.open(sealed) == plain
    for other in (
        Binding("other", "column", UUID(int=1), organization_id),
        Binding("table", "other", UUID(int=1), organization_id),
        Binding("table", "column", UUID(int=2), organization_id),
        Binding("table", "column", UUID(int=1), other_id),
    ):
        with pytest.raises(SealBroken):
            other.open(sealed)


def test_the_blind_index_finds_equal_text_of_one_organization(ours: UUID, theirs: UUID) -> None:
    name = blind_index(ours, "name", "Marisol  VEGA ")
    assert name == blind_index(ours, "name", "marisol vega")
    assert len(name) == 32
    others = [
        blind_index(ours, "name", "Marisol Vegas"),
        blind_index(ours, "record", "marisol vega"),
        blind_index(theirs, "name", "marisol vega"),
    ]
    assert len({name, *others}) == 4


def test_a_model_that_cannot_be_sealed_is_reported_at_start() -> None:
    with isolate_apps("privacy"):

        class NoOrganization(models.Model):
            id = models.UUIDField(primary_key=True, default=uuid4)
            name = EncryptedTextField()

            class Meta:
                app_label = "privacy"

            def __str__(self) -> str:
                return str(self.pk)

        class NumberedRows(models.Model):
            organization_id = models.UUIDField()
            body = EncryptedJSONField()

            class Meta:
                app_label = "privacy"

            def __str__(self) -> str:
                return str(self.pk)

        found = [
            problem.id
            for model in (NoOrganization, NumberedRows)
            for field in model._meta.local_fields
            for problem in field.check()
        ]
    assert [problem for problem in found if str(problem).startswith("privacy.")] == [
        "privacy.E001",
        "privacy.E002",
    ]
