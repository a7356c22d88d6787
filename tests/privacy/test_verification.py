"""The proof of the audit log: every way to tamper with it shows, against heads kept outside the database."""

import io
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from privacy import audit, chain, context, heads
from privacy.chain import Fault, Flaw, Head
from privacy.heads import KeptHeads
from privacy.verification import verify_chains
from tests.privacy.conftest import new_organization

Owner = psycopg.Connection[tuple[Any, ...]]

pytestmark = pytest.mark.django_db


@pytest.fixture
def tamper(ours: UUID, theirs: UUID, as_owner: Owner) -> Owner:
    """The owner's connection, with every guard of the log taken down: the worst that can happen."""
    as_owner.execute("ALTER TABLE privacy_entry DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY")
    as_owner.execute("ALTER TABLE privacy_entry DROP CONSTRAINT a_place_in_a_chain_is_taken_once")
    for organization_id in (ours, theirs):
        write(organization_id, 5)
    return as_owner


def write(organization_id: UUID, count: int) -> None:
    for number in range(count):
        with context.enter(organization_id):
            audit.record("letter.read", by=None, number=number, ids=[organization_id])


def found(kept: KeptHeads | None = None, **options: Any) -> dict[UUID, list[Flaw]]:
    return {each.chain: each.flaws for each in verify_chains(kept, **options) if each.flaws}


def kept_now(tmp_path: Path) -> KeptHeads:
    kept = KeptHeads()
    heads.keep(tmp_path / "heads")
    with (tmp_path / "heads").open("rb") as file:
        kept.read(file)
    return kept


def seal_anew(owner: Owner, organization_id: UUID, first: int) -> None:
    """Do what a patient forger does: recompute every link from the first changed entry on, and the head."""
    rows = owner.execute(
        'SELECT id, chain, number, at, action, "by", organization, owner, kind, record, client, codes, '
        "previous, hash FROM privacy_entry WHERE chain = %s ORDER BY number",
        [organization_id],
    ).fetchall()
    previous = chain.BEGINNING
    for row in rows:
        link = chain.Link(*row)
        if link.number >= first:
            link = replace(link, previous=previous)
        previous = link.digest()
        owner.execute(
            "UPDATE privacy_entry SET previous = %s, hash = %s WHERE id = %s",
            [link.previous, previous, link.id],
        )
    owner.execute("UPDATE privacy_chainhead SET hash = %s WHERE chain = %s", [previous, organization_id])


def test_a_sound_log_has_no_flaw(ours: UUID, theirs: UUID, tmp_path: Path) -> None:
    """Every chain, the network's own included, also while nobody was known yet."""
    with context.enter(None):
        audit.record("session.sign_in_failed", by=None)
    write(ours, 3)
    kept = kept_now(tmp_path)
    write(ours, 2)
    reports = {each.chain: (each.entries, each.flaws) for each in verify_chains(kept)}
    assert reports == {ours: (5, []), theirs: (0, []), audit.NOBODY: (1, [])}


@pytest.mark.parametrize(
    "change",
    [
        "action = 'letter.write'",
        "at = at + interval '1 microsecond'",
        "at = 'infinity'",
        "at = '0044-03-15 BC'",
        "by = gen_random_uuid()",
        "client = gen_random_uuid()",
        "codes = '{}'",
        "codes = '[null]'",
        "codes = codes || '{\"number\": 1.0}'",
        "hash = repeat('f', 64)",
    ],
)
def test_an_edit_shows(tamper: Owner, ours: UUID, change: LiteralString) -> None:
    """CHECKS 35."""
    statement = sql.SQL("UPDATE privacy_entry SET {} WHERE chain = %s AND number = 2")
    tamper.execute(statement.format(sql.SQL(change)), [ours])
    flaws = found()[ours]
    assert flaws[0] == Flaw(2, Fault.CHANGED)
    assert len(flaws) == (2 if "hash" in change else 1)


def test_a_missing_middle_shows(tamper: Owner, ours: UUID) -> None:
    """CHECKS 35."""
    tamper.execute("DELETE FROM privacy_entry WHERE chain = %s AND number IN (2, 3)", [ours])
    assert found() == {ours: [Flaw(2, Fault.MISSING, until=3)]}


def test_a_missing_tail_shows_against_the_head_row_or_a_kept_head(
    tamper: Owner, ours: UUID, tmp_path: Path
) -> None:
    """CHECKS 35: also when whoever cut it put the head row back."""
    kept = kept_now(tmp_path)
    tamper.execute("DELETE FROM privacy_entry WHERE chain = %s AND number > 3", [ours])
    tail = Flaw(4, Fault.TAIL_MISSING, until=5)
    assert found() == {ours: [tail, Flaw(5, Fault.HEAD_DIFFERS)]}
    tamper.execute(
        "UPDATE privacy_chainhead h SET number = 3, hash = e.hash FROM privacy_entry e "
        "WHERE h.chain = %s AND e.chain = h.chain AND e.number = 3",
        [ours],
    )
    assert found() == {}
    assert found(kept) == {ours: [tail]}


def test_a_fork_shows(tamper: Owner, ours: UUID) -> None:
    """CHECKS 35: two entries that claim one place."""
    tamper.execute(
        "INSERT INTO privacy_entry SELECT gen_random_uuid(), chain, number, at, action, by, organization, "
        "owner, kind, record, client, codes, previous, hash FROM privacy_entry "
        "WHERE chain = %s AND number = 5",
        [ours],
    )
    flaws = found()[ours]
    assert Flaw(5, Fault.FORKED) in flaws
    assert {flaw.number for flaw in flaws} == {5}


def test_a_chain_written_anew_shows_against_a_kept_head(tamper: Owner, ours: UUID, tmp_path: Path) -> None:
    """CHECKS 35: sound in itself, head row and all; a head kept before tells, also if later ones agree."""
    kept = kept_now(tmp_path)
    tamper.execute(
        "UPDATE privacy_entry SET codes = '{\"number\": 9}' WHERE chain = %s AND number = 4", [ours]
    )
    seal_anew(tamper, ours, first=4)
    assert found() == {}
    assert found(kept) == {ours: [Flaw(5, Fault.REWRITTEN)]}
    write(ours, 1)
    assert found(kept_now(tmp_path)) == {ours: [Flaw(5, Fault.REWRITTEN)]}


def test_a_chain_that_was_removed_wholly_shows(tamper: Owner, ours: UUID, tmp_path: Path) -> None:
    """CHECKS 35: entries, head row and key, so that nothing in the database speaks of it any more."""
    kept = kept_now(tmp_path)
    tamper.execute("ALTER TABLE privacy_datakey DISABLE TRIGGER USER")
    tamper.execute("DELETE FROM privacy_entry WHERE chain = %s", [ours])
    tamper.execute("DELETE FROM privacy_chainhead WHERE chain = %s", [ours])
    tamper.execute("DELETE FROM privacy_datakey WHERE organization_id = %s", [ours])
    assert found() == {}
    assert found(kept) == {ours: [Flaw(1, Fault.REMOVED, until=5)]}


@pytest.mark.parametrize("change", ["number = 4", "hash = repeat('0', 64)"])
def test_a_head_row_that_does_not_match_shows(tamper: Owner, ours: UUID, change: LiteralString) -> None:
    statement = sql.SQL("UPDATE privacy_chainhead SET {} WHERE chain = %s")
    tamper.execute(statement.format(sql.SQL(change)), [ours])
    assert [flaw.fault for flaw in found()[ours]] == [Fault.HEAD_DIFFERS]
    tamper.execute("DELETE FROM privacy_chainhead WHERE chain = %s", [ours])
    assert found() == {ours: [Flaw(5, Fault.HEAD_DIFFERS)]}


def test_an_entry_that_was_moved_to_another_chain_shows_in_both(
    tamper: Owner, ours: UUID, theirs: UUID
) -> None:
    """CHECKS 35: where it is missing, and where it stands now with the place it came from."""
    tamper.execute(
        "UPDATE privacy_entry SET chain = %s, number = 6 WHERE chain = %s AND number = 3", [theirs, ours]
    )
    assert found() == {
        ours: [Flaw(3, Fault.MISSING)],
        theirs: [Flaw(6, Fault.FORKED), Flaw(6, Fault.MOVED, home=(ours, 3)), Flaw(5, Fault.HEAD_DIFFERS)],
    }


def test_two_kept_heads_of_one_place_that_differ_show(tamper: Owner, ours: UUID, tmp_path: Path) -> None:
    kept = kept_now(tmp_path)
    kept.add(ours, Head(2, "a" * 64))
    kept.add(ours, Head(2, "b" * 64))
    assert found(kept) == {ours: [Flaw(2, Fault.REWRITTEN), Flaw(2, Fault.NOTES_DISAGREE)]}


def test_one_chain_alone_and_only_what_came_after_the_kept_head(
    tamper: Owner, ours: UUID, theirs: UUID, tmp_path: Path
) -> None:
    kept = kept_now(tmp_path)
    write(ours, 2)
    assert [(each.chain, each.entries) for each in verify_chains(only=[ours])] == [(ours, 7)]
    later = {each.chain: (each.entries, each.flaws) for each in verify_chains(kept, since_head=True)}
    assert later == {ours: (3, []), theirs: (1, [])}
    tamper.execute("UPDATE privacy_entry SET action = 'x' WHERE chain = %s AND number IN (2, 7)", [ours])
    assert found(kept, since_head=True) == {ours: [Flaw(7, Fault.CHANGED)]}
    tamper.execute("DELETE FROM privacy_entry WHERE chain = %s AND number > 4", [ours])
    tail = Flaw(5, Fault.TAIL_MISSING, until=7)
    assert found(kept, since_head=True) == {ours: [tail]}


def test_a_writer_meanwhile_is_no_flaw(ours: UUID, tmp_path: Path) -> None:
    """The chain is read in one snapshot: what commits while it is read belongs to the next time."""
    write(ours, 3)

    def more() -> None:
        try:
            write(ours, 40)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(more)
        while not writing.done():
            assert found(kept_now(tmp_path)) == {}
        writing.result()
    assert [each.entries for each in verify_chains(only=[ours])] == [43]


# ---- the command and the files


def run(*words: str) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    try:
        call_command("verify_audit", *words, stdout=out, stderr=io.StringIO())
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, out.getvalue()


def test_the_command_ends_with_what_it_found(tamper: Owner, ours: UUID, tmp_path: Path) -> None:
    file = tmp_path / "heads"
    call_command("keep_heads", str(file), stdout=io.StringIO())
    assert run() == (0, "")
    assert run("--heads", str(file), "--since-head") == (0, "")
    tamper.execute("DELETE FROM privacy_entry WHERE chain = %s AND number IN (2, 3)", [ours])
    tamper.execute("UPDATE privacy_entry SET by = chain WHERE chain = %s AND number = 5", [ours])
    code, said = run("--heads", str(file))
    assert (code, said.splitlines()) == (
        1,
        [
            f"chain {ours}: entries 2 to 3: missing from the middle of the chain.",
            f"chain {ours}: entry 5: its content isn't what was sealed: it was changed.",
        ],
    )
    assert run("--chain", str(new_organization())) == (0, "")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--since-head"], "--since-head needs --heads"),
        (["--heads", "/nowhere/at/all"], "can't be read: No such file"),
        (["--heads", "/dev/null"], "holds no line that says where a chain ends"),
    ],
)
def test_what_cannot_run_says_so(ours: UUID, words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as problem:
        call_command("verify_audit", *words)
    assert problem.value.returncode == 2


def test_a_log_that_cannot_be_read_says_so(ours: UUID, as_owner: Owner) -> None:
    as_owner.execute("ALTER TABLE privacy_entry RENAME TO elsewhere")
    with pytest.raises(CommandError, match="can't be read: ProgrammingError") as problem:
        call_command("verify_audit")
    assert problem.value.returncode == 2


def test_a_whole_log_is_read_for_its_heads(
    ours: UUID, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines of the logger among others, cut off lines and bytes that are no text; from standard input."""
    with caplog.at_level(logging.INFO, "privacy.heads"):
        write(ours, 3)
    said = [record.getMessage().encode() for record in caplog.records if record.name == "privacy.heads"]
    log = b"\n".join(
        [
            b"2026-11-24 12:00:00 INFO privacy.heads " + said[0],
            b'{"message": "' + said[1] + b'", "level": "info"}',
            b"\xff\xfe\x00 " + said[2] + b"\r",
            said[2][:-1],
            said[2] + b"a",
            b"chain x number y hash z",
        ]
    )
    kept = KeptHeads()
    assert kept.read(io.BytesIO(log)) == 3
    assert sorted(kept.of(ours)) == [1, 2, 3]
    assert kept.disagreeing == []
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(log)))
    assert run("--heads", "-") == (0, "")


def test_a_file_of_heads_only_grows(ours: UUID, theirs: UUID, tmp_path: Path) -> None:
    file = tmp_path / "heads"
    write(ours, 2)
    assert heads.keep(file) == 1
    first = file.read_bytes()
    assert (first.count(b"\n"), file.stat().st_mode & 0o777) == (1, 0o600)
    assert heads.keep(file) == 0
    file.write_bytes(first + b"cut off")
    write(ours, 1)
    write(theirs, 1)
    assert heads.keep(file) == 2
    lines = file.read_bytes().split(b"\n")
    assert lines[:2] == [first.strip(), b"cut off"]
    assert len(lines) == 5
    kept = KeptHeads()
    assert kept.read(lines) == 3
    assert {each: sorted(kept.of(each)) for each in (ours, theirs)} == {ours: [2, 3], theirs: [1]}


def test_a_file_that_cannot_be_written_says_so(ours: UUID, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be written: Is a directory"):
        call_command("keep_heads", str(tmp_path))
