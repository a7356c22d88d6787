"""Row security in the database itself, asked in raw SQL over commits that are real."""

import re
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, models
from psycopg import errors

from privacy import context, row_security
from tests.privacy import samples
from tests.privacy.samples import Letter

Owner = psycopg.Connection[tuple[Any, ...]]

pytestmark = pytest.mark.django_db

OUR_PACKAGES = ("privacy", "accounts", "screening", "referrals", "guidance", "desk", "config")

# Why a table has no policy: it holds no client's data. Every other table of the database has one.
REASONS = {
    "accounts_organization": "who takes part; everybody's pages name them",
    "accounts_user": "who works there; sign-in looks for a person before an organization is known",
    "accounts_invitation": "who was invited; accepted by somebody who isn't signed in yet",
    "accounts_erasure": "what the operator decided about an organization",
    "accounts_attempts": "how often somebody tried, by a keyed hash, before anybody is known",
    "accounts_device": "browsers that people signed in with, before anybody is known",
    "accounts_session": "who is signed in; read before the organization is known",
    "accounts_factor": "how people prove who they are, before they are signed in",
    "accounts_recoverycode": "keyed hashes of recovery codes, before anybody is signed in",
    "accounts_emailchange": "new e-mails of people, confirmed by a link",
    "mfa_authenticator": "the sealed factors themselves",
    "account_emailaddress": "allauth's own, unused: people come by invitation",
    "account_emailconfirmation": "allauth's own, unused",
    "socialaccount_socialaccount": "which subject of a provider a person is, before anybody is signed in",
    "socialaccount_socialapp": "allauth's own, unused: providers come from the configuration",
    "socialaccount_socialtoken": "allauth's own, unused: tokens are not kept",
    "auth_group": "Django's own, unused: rights follow from the kind of organization",
    "auth_group_permissions": "Django's own, unused",
    "auth_permission": "Django's own list of what models there are",
    "django_content_type": "Django's own list of models",
    "django_migrations": "which migrations ran",
    "procrastinate_jobs": "what a worker is to do: the name of a job, ids and whole numbers",
    "procrastinate_events": "when a job was deferred, started and ended",
    "procrastinate_periodic_defers": "when the clock last asked for something",
    "procrastinate_workers": "which workers live",
    "privacy_chainhead": "where each audit chain ends: a number and a hash",
    "privacy_datakey": "wrapped keys, which open nothing without a master key",
    "privacy_notice": "whom to tell, and a path of ids",
    "referrals_listing": "the directory, which every practice reads",
    "screening_questionnaire": "published by the network for everybody",
    "screening_questionyield": "sums over all organizations, small ones hidden",
    "screening_questionnaireversion": "published by the network for everybody",
    "screening_correctionsearch": "how many screenings of a practice a correction touches: counts",
    "screening_safetycorrection": "what a clinical owner tells every therapist",
    "screening_questionreport": "which question somebody finds wrong, and why: no client",
    "screening_reviewcomment": "what the network's admins say about a version",
    "screening_outcomecount": "counts of all organizations together, small ones hidden",
    "screening_verification": "what was proved of a questionnaire's rules, with made-up answers",
    "screening_sourceverification": "who read which publication",
    "screening_draftrevision": "steps of a questionnaire that the network writes",
    "screening_unfinishedinput": "what an admin began to type about a questionnaire",
}
WITHOUT_CLIENT_DATA = REASONS.keys()

WALLS = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, count(p.polname)
    FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    GROUP BY 1, 2
"""


def fetch(organization_id: UUID | None, query: str, *values: Any) -> list[Any]:
    """Ask in raw SQL, as the app's role, in an organization's context."""
    with context.enter(organization_id), connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall() if cursor.description else []


def our_tables() -> set[str]:
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OUR_PACKAGES
    }


def test_tests_run_as_a_role_that_owns_nothing_and_bypasses_nothing(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles "
            "WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user "
            "OR relowner IN (SELECT roleid FROM pg_auth_members WHERE member = current_user::regrole)"
        )
        assert cursor.fetchone() == (0,)


def test_every_table_is_guarded_or_stands_in_the_list_with_its_reason(db: None) -> None:
    """CHECKS 3: whoever adds a table either puts up its wall or says why it needs none."""
    with connection.cursor() as cursor:
        cursor.execute(WALLS)
        walls = {table: (forced, policies > 0) for table, forced, policies in cursor.fetchall()}
    assert {table for table, wall in walls.items() if wall != (True, True)} == set(REASONS)
    assert len(walls) > len(REASONS) + 15
    assert our_tables() <= set(walls)


def test_a_table_without_a_policy_would_be_noticed(letters: None, as_owner: Owner) -> None:
    as_owner.execute("CREATE TABLE tests_bare (id uuid PRIMARY KEY, organization_id uuid NOT NULL)")
    found = {row[0]: (row[1], row[2]) for row in as_owner.execute(WALLS).fetchall()}
    assert (found["tests_bare"], found["tests_letter"]) == ((False, 0), (True, 1))


def test_every_model_with_a_sealed_field_has_a_guarded_table() -> None:
    sealed = {
        model._meta.db_table
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.__class__.__name__ in {"EncryptedTextField", "EncryptedJSONField"}
    }
    assert sealed & WITHOUT_CLIENT_DATA == set()


def test_every_policy_speaks_of_the_current_organization_in_the_same_way(db: None) -> None:
    """A cast without nullif fails once a local setting has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT policyname, coalesce(qual, ''), coalesce(with_check, '') FROM pg_policies "
            "WHERE schemaname = 'public'"
        )
        policies = cursor.fetchall()
    assert policies
    for name, *conditions in policies:
        for condition in conditions:
            uses = len(re.findall(r"current_setting\(", condition))
            safe = len(
                re.findall(
                    r"NULLIF\(current_setting\('app.organization'::text, true\), ''::text\)", condition
                )
            )
            assert uses == safe, name
        scoped = ("current_setting(", "EXISTS ( SELECT FROM referrals_referral")
        assert any(word in " ".join(condition.split()) for condition in conditions for word in scoped), name


def test_the_app_sees_no_row_without_a_context_and_only_its_own_in_one(ours: UUID, theirs: UUID) -> None:
    """CHECKS 3."""
    for organization_id in (ours, theirs):
        with context.enter(organization_id):
            Letter.objects.create(organization_id=organization_id, subject="a letter")
    query = "SELECT organization_id FROM tests_letter"
    assert fetch(None, query) == []
    assert fetch(ours, query) == [(ours,)]
    assert fetch(theirs, query) == [(theirs,)]
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert cursor.fetchall() == []


def test_a_foreign_row_can_be_neither_written_changed_nor_deleted(ours: UUID, theirs: UUID) -> None:
    """CHECKS 3."""
    with context.enter(theirs):
        letter = Letter.objects.create(organization_id=theirs, subject="theirs", plain="kept")
    with pytest.raises(ProgrammingError, match="row-level security"), context.enter(ours):
        Letter.objects.create(organization_id=theirs, subject="planted")
    with context.enter(ours):
        assert Letter.objects.filter(pk=letter.pk).update(plain="changed") == 0
        assert Letter.objects.filter(pk=letter.pk).delete()[0] == 0
    with context.enter(ours):
        mine = Letter.objects.create(organization_id=ours, subject="mine")
    with pytest.raises(ProgrammingError, match="row-level security"), context.enter(ours):
        Letter.objects.filter(pk=mine.pk).update(organization_id=theirs)
    assert fetch(theirs, "SELECT plain FROM tests_letter") == [("kept",)]


def test_a_context_ends_with_its_transaction_also_after_an_exception(ours: UUID) -> None:
    """CHECKS 51."""
    with context.enter(ours):
        Letter.objects.create(organization_id=ours, subject="a letter")
    with pytest.raises(KeyError), context.enter(ours):
        assert Letter.objects.count() == 1
        raise KeyError
    assert Letter.objects.count() == 0
    with pytest.raises(ProgrammingError), context.enter(ours), connection.cursor() as cursor:
        cursor.execute("SELECT no_such_column FROM tests_letter")
    assert Letter.objects.count() == 0


def test_a_context_inside_another_gives_the_outer_one_back(ours: UUID, theirs: UUID) -> None:
    for organization_id in (ours, theirs):
        with context.enter(organization_id):
            Letter.objects.create(organization_id=organization_id, subject="a letter")
    with context.enter(ours):
        with context.enter(theirs):
            assert set(Letter.objects.values_list("organization_id", flat=True)) == {theirs}
        assert set(Letter.objects.values_list("organization_id", flat=True)) == {ours}
        with pytest.raises(KeyError), context.enter(theirs):
            raise KeyError
        assert (context.organization(), Letter.objects.count()) == (ours, 1)
        with context.enter(None):
            assert Letter.objects.count() == 0
        assert set(Letter.objects.values_list("organization_id", flat=True)) == {ours}
    assert context.organization() is None


def test_a_composite_key_refuses_a_row_of_another_organization_like_one_that_is_not_there(
    ours: UUID, theirs: UUID
) -> None:
    """Foreign keys look past row security: alone, the error would tell whether the row exists."""
    with context.enter(ours):
        mine = Letter.objects.create(organization_id=ours, subject="mine")
    with context.enter(theirs):
        foreign = Letter.objects.create(organization_id=theirs, subject="theirs")
    reply = "INSERT INTO tests_reply (id, organization_id, letter_id) VALUES (gen_random_uuid(), %s, %s)"
    fetch(ours, reply, ours, mine.pk)
    fetch(ours, reply, ours, None)
    problems = []
    for letter_id in (foreign.pk, uuid4()):
        with pytest.raises(IntegrityError, match="tests_reply_letter_same_organization") as problem:
            fetch(ours, reply, ours, letter_id)
        problems.append(re.sub(r"[0-9a-f-]{36}", "ID", str(problem.value)))
    assert problems[0] == problems[1]


def test_a_policy_for_each_command_refuses_those_that_are_left_out(
    letters: None, ours: UUID, as_owner: Owner
) -> None:
    mine = f"organization_id = {row_security.ORGANIZATION}"
    as_owner.execute(
        "CREATE TABLE tests_seal (id uuid PRIMARY KEY, organization_id uuid NOT NULL, words text)"
    )
    wall = row_security.protect_by_command("tests_seal", select=mine, insert=mine)
    samples.run(as_owner, wall)
    samples.grant(as_owner)
    fetch(ours, "INSERT INTO tests_seal VALUES (gen_random_uuid(), %s, 'kept')", ours)
    assert fetch(ours, "UPDATE tests_seal SET words = 'x' RETURNING words") == []
    assert fetch(ours, "DELETE FROM tests_seal RETURNING words") == []
    assert fetch(ours, "SELECT words FROM tests_seal") == [("kept",)]


def test_a_refusal_by_trigger_reads_as_its_sentence(letters: None, ours: UUID, as_owner: Owner) -> None:
    samples.run(
        as_owner,
        row_security.refuse(
            "tests_letter", "a_sent_letter_never_changes", on="UPDATE", when="OLD.plain = 'sent'"
        ),
    )
    with context.enter(ours):
        letter = Letter.objects.create(organization_id=ours, subject="a", plain="draft")
        Letter.objects.update(plain="sent")
    with (
        pytest.raises(IntegrityError, match="tests_letter: a sent letter never changes"),
        context.enter(ours),
    ):
        Letter.objects.filter(pk=letter.pk).update(plain="draft")


def test_a_table_that_only_grows_is_granted_no_change(letters: None, ours: UUID, as_owner: Owner) -> None:
    """CHECKS 35, for any such table: by grant for the app, by trigger for the owner."""
    samples.run(as_owner, row_security.append_only("tests_reply"))
    samples.grant(as_owner)
    fetch(ours, "INSERT INTO tests_reply (id, organization_id) VALUES (gen_random_uuid(), %s)", ours)
    for statement in ("UPDATE tests_reply SET words = 'x'", "DELETE FROM tests_reply"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            fetch(ours, statement)
        with pytest.raises(errors.RestrictViolation), as_owner.transaction():
            as_owner.execute("SELECT set_config('app.organization', %s, true)", [str(ours)])
            as_owner.execute(statement)


@pytest.mark.parametrize(
    "operation",
    [
        row_security.protect("tests_plain"),
        row_security.protect_by_command(
            "tests_plain", select="true", insert="true", update="true", delete="true"
        ),
        row_security.append_only("tests_plain"),
        row_security.refuse("tests_plain", "a_row_stays", on="DELETE"),
        row_security.unique_in_organization("tests_plain"),
    ],
)
def test_each_wall_can_be_taken_down_again(letters: None, as_owner: Owner, operation: Any) -> None:
    as_owner.execute("CREATE TABLE tests_plain (id uuid PRIMARY KEY, organization_id uuid NOT NULL)")
    for _ in range(2):
        samples.run(as_owner, operation)
        back = operation.reverse_sql
        for statement in [back] if isinstance(back, str) else back:
            as_owner.execute(statement)
    as_owner.execute("INSERT INTO tests_plain VALUES (gen_random_uuid(), gen_random_uuid())")
    assert as_owner.execute("DELETE FROM tests_plain").rowcount == 1


def test_the_app_may_not_touch_what_belongs_to_the_owner(committed: object) -> None:
    for statement in (
        "ALTER TABLE privacy_entry DISABLE TRIGGER ALL",
        "ALTER TABLE privacy_entry NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY privacy_entry_select ON privacy_entry",
        "SET ROLE warm_handoff_owner",
        "DELETE FROM django_migrations",
        "CREATE TABLE tests_mine (id int)",
    ):
        with pytest.raises(ProgrammingError):
            fetch(None, statement)


# Found by a keyed hash, or by the secret of a cookie: such a row has no id that anybody is shown.
WITHOUT_ID = {"accounts.Attempts", "accounts.Session"}


def test_ids_are_made_in_python_as_uuids() -> None:
    """CHECKS 9: nothing can be counted, or guessed, from an id in an address."""
    numbered = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in OUR_PACKAGES and not isinstance(model._meta.pk, models.UUIDField)
    }
    assert numbered == WITHOUT_ID
