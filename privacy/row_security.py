"""The walls in the database, for migrations: policies, composite keys, tables that only grow."""

from collections.abc import Sequence

from django.db.migrations.operations import RunSQL

# A local setting that has ended reads as '' and not as NULL: without nullif the cast would fail.
ORGANIZATION = "nullif(current_setting('app.organization', true), '')::uuid"

APPEND_ONLY_TRIGGER = "a_row_is_only_added"

REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION privacy_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%: %', TG_TABLE_NAME, replace(TG_NAME, '_', ' ') USING ERRCODE = 'restrict_violation';
END
$$
"""


def protect(table: str, using: str | None = None, check: str | None = None) -> RunSQL:
    """Enable and force row security on a table with one policy for everything.

    Without `using`, a row is its `organization_id`'s. `using` says which rows can be seen and changed,
    `check` (the same when left out) which may be written; `ORGANIZATION` is the current one, in SQL.
    """
    visible = using or f"organization_id = {ORGANIZATION}"
    return RunSQL(
        sql=[
            *_enable(table),
            f"CREATE POLICY {table}_wall ON {table} USING ({visible}) WITH CHECK ({check or visible})",
        ],
        reverse_sql=[f"DROP POLICY {table}_wall ON {table}", *_disable(table)],
    )


def protect_by_command(
    table: str, *, select: str, insert: str, update: str | None = None, delete: str | None = None
) -> RunSQL:
    """Enable and force row security with a condition for each command; one that is left out is refused."""
    policies = [
        f"CREATE POLICY {table}_select ON {table} FOR SELECT USING ({select})",
        f"CREATE POLICY {table}_insert ON {table} FOR INSERT WITH CHECK ({insert})",
    ]
    names = ["select", "insert"]
    if update is not None:
        policies.append(f"CREATE POLICY {table}_update ON {table} FOR UPDATE USING ({update})")
        names.append("update")
    if delete is not None:
        policies.append(f"CREATE POLICY {table}_delete ON {table} FOR DELETE USING ({delete})")
        names.append("delete")
    return RunSQL(
        sql=[*_enable(table), *policies],
        reverse_sql=[*(f"DROP POLICY {table}_{name} ON {table}" for name in names), *_disable(table)],
    )


def append_only(table: str) -> RunSQL:
    """Refuse to change, delete or empty what a table holds, to its owner too.

    The grants after migrating take UPDATE and DELETE on such a table from the app's role.
    """
    return RunSQL(
        sql=[
            REFUSE_FUNCTION,
            _trigger(APPEND_ONLY_TRIGGER, "UPDATE OR DELETE", table, "FOR EACH ROW"),
            _trigger(f"{APPEND_ONLY_TRIGGER}_never_emptied", "TRUNCATE", table, "FOR EACH STATEMENT"),
        ],
        reverse_sql=[
            f"DROP TRIGGER {APPEND_ONLY_TRIGGER}_never_emptied ON {table}",
            f"DROP TRIGGER {APPEND_ONLY_TRIGGER} ON {table}",
        ],
    )


def refuse(table: str, name: str, *, on: str, when: str | None = None) -> RunSQL:
    """Refuse a command where a condition on OLD and NEW holds; the trigger's name is the sentence shown.

    `refuse("some_version", "a_published_version_never_changes", on="UPDATE", when="OLD.state = 'published'")`
    A condition for DELETE can speak of OLD only.
    """
    condition = f" WHEN ({when})" if when else ""
    return RunSQL(
        sql=[REFUSE_FUNCTION, _trigger(name, on, table, f"FOR EACH ROW{condition}")],
        reverse_sql=f"DROP TRIGGER {name} ON {table}",
    )


def unique_in_organization(table: str, organization: str = "organization_id") -> RunSQL:
    """Let composite foreign keys point at a table: its rows are unique by organization and id together."""
    name = f"{table}_in_its_organization"
    return RunSQL(
        sql=f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({organization}, id)",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def composite_foreign_key(
    table: str,
    column: str,
    target_table: str,
    *,
    organization: str = "organization_id",
    target_organization: str = "organization_id",
    target_column: str = "id",
) -> RunSQL:
    """Tie a column to a row of the same organization: a plain foreign key looks past row security.

    The model's own key takes `db_constraint=False`; the target needs `unique_in_organization` first.
    """
    name = f"{table}_{column.removesuffix('_id')}_same_organization"[:63]
    return RunSQL(
        sql=f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({organization}, {column}) "
        f"REFERENCES {target_table} ({target_organization}, {target_column})",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def _enable(table: str) -> Sequence[str]:
    return [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"]


def _disable(table: str) -> Sequence[str]:
    alter = f"ALTER TABLE {table}"
    return [f"{alter} NO FORCE ROW LEVEL SECURITY", f"{alter} DISABLE ROW LEVEL SECURITY"]


def _trigger(name: str, on: str, table: str, each: str) -> str:
    return f"CREATE TRIGGER {name} BEFORE {on} ON {table} {each} EXECUTE FUNCTION privacy_refuse()"
