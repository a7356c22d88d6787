"""The walls around clients and screenings: row security, composite keys, and what never changes."""

from django.db import migrations

from privacy.row_security import composite_foreign_key, protect, refuse

CLIENT_TABLES = [
    "screening_client",
    "screening_careteammember",
    "screening_screening",
    "screening_sectionanswers",
    "screening_finding",
    "screening_judgment",
    "screening_acknowledgement",
    "screening_signature",
]

# What belongs to a screening belongs to the same organization.
PARTS = [
    "screening_sectionanswers",
    "screening_finding",
    "screening_judgment",
    "screening_acknowledgement",
    "screening_signature",
]

# A published or retired version is as it was published; only its retirement may still be written.
PUBLISHED_CHANGED = """
    OLD.state IN ('published', 'retired') AND (
        NEW.state NOT IN ('published', 'retired')
        OR (OLD.state = 'retired' AND NEW IS DISTINCT FROM OLD)
        OR ROW(NEW.id, NEW.questionnaire_id, NEW.number, NEW.title, NEW.document, NEW.hash, NEW.note,
               NEW.created_by_id, NEW.created_at, NEW.edited_by_id, NEW.edited_at, NEW.submitted_by_id,
               NEW.submitted_at, NEW.published_by_id, NEW.published_at)
        IS DISTINCT FROM
           ROW(OLD.id, OLD.questionnaire_id, OLD.number, OLD.title, OLD.document, OLD.hash, OLD.note,
               OLD.created_by_id, OLD.created_at, OLD.edited_by_id, OLD.edited_at, OLD.submitted_by_id,
               OLD.submitted_at, OLD.published_by_id, OLD.published_at)
    )
"""

# What a screening is about, and once completed, what was found and when, stays.
SCREENING_REWRITTEN = """
    ROW(NEW.id, NEW.organization_id, NEW.client_id, NEW.version_id)
        IS DISTINCT FROM ROW(OLD.id, OLD.organization_id, OLD.client_id, OLD.version_id)
    OR (OLD.completed_at IS NOT NULL
        AND ROW(NEW.findings_text, NEW.as_of, NEW.completed_at, NEW.completed_by_id)
            IS DISTINCT FROM ROW(OLD.findings_text, OLD.as_of, OLD.completed_at, OLD.completed_by_id))
    OR (OLD.state <> 'in_progress' AND NEW.state = 'in_progress')
    OR (OLD.state IN ('replaced', 'entered_in_error') AND NEW.state <> OLD.state)
"""

# Answers change only while their screening is open. Whether they are Part 2 records may be said later.
ANSWERS_FUNCTION = """
CREATE OR REPLACE FUNCTION screening_answers_are_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND ROW(NEW.id, NEW.organization_id, NEW.screening_id, NEW.section, NEW.document)
        IS NOT DISTINCT FROM ROW(OLD.id, OLD.organization_id, OLD.screening_id, OLD.section, OLD.document) THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM screening_screening s WHERE s.id = NEW.screening_id AND s.state <> 'in_progress') THEN
        RAISE EXCEPTION 'answers of a completed screening never change' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$
"""


class Migration(migrations.Migration):
    """Put the walls up."""

    dependencies = [("screening", "0001_initial"), ("privacy", "0002_walls"), ("accounts", "0002_walls")]

    operations = [
        *(protect(table) for table in CLIENT_TABLES),
        composite_foreign_key("screening_client", "therapist_id", "accounts_user"),
        composite_foreign_key("screening_careteammember", "user_id", "accounts_user"),
        composite_foreign_key("screening_careteammember", "client_id", "screening_client"),
        composite_foreign_key("screening_screening", "client_id", "screening_client"),
        composite_foreign_key("screening_screening", "replaces_id", "screening_screening"),
        *(composite_foreign_key(table, "screening_id", "screening_screening") for table in PARTS),
        refuse(
            "screening_questionnaireversion",
            "a_published_version_never_changes",
            on="UPDATE",
            when=PUBLISHED_CHANGED,
        ),
        refuse(
            "screening_questionnaireversion",
            "a_published_version_is_never_deleted",
            on="DELETE",
            when="OLD.state IN ('published', 'retired')",
        ),
        refuse(
            "screening_screening",
            "a_completed_screening_never_changes",
            on="UPDATE",
            when=SCREENING_REWRITTEN,
        ),
        refuse(
            "screening_client",
            "a_client_never_changes_organization",
            on="UPDATE",
            when="NEW.organization_id IS DISTINCT FROM OLD.organization_id",
        ),
        migrations.RunSQL(
            [
                ANSWERS_FUNCTION,
                (
                    "CREATE TRIGGER answers_change_while_open BEFORE INSERT OR UPDATE ON screening_sectionanswers "
                    "FOR EACH ROW EXECUTE FUNCTION screening_answers_are_open()"
                ),
            ],
            [
                "DROP TRIGGER answers_change_while_open ON screening_sectionanswers",
                "DROP FUNCTION screening_answers_are_open()",
            ],
        ),
    ]
