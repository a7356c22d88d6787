"""Reading changes nothing, and neither query, header, cookie nor path gets more than a refusal."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from tests.access.test_every_address import names_of
from tests.databases import ROOT
from tests.hostile import values
from tests.hostile.conftest import Built
from tests.hostile.crawl import PERSONAS, kind_of, name_of
from tests.hostile.undone import undone
from tests.hostile.world import SIGNED_OUT, World

BY_PERSONA = pytest.mark.parametrize("persona", PERSONAS)
PACKAGES = ("accounts", "config", "desk", "guidance", "privacy", "referrals", "screening")
ASKED_FOR = re.compile(r"""GET(?:\.get(?:list)?\(|\[)\s*["']([\w.]+)["']""")
# Stands in no statement unless a query's value got there.
SENTINEL = "zzq7) OR 1=1 --"


@pytest.fixture
def kinds(built: Built, persona: str) -> dict[str, str]:
    """One page of each kind that this person comes to, and nobody before them in the list."""
    before = PERSONAS[: PERSONAS.index(persona)]
    met = {kind_of(path) for each in before for path in built.pages[each]}
    return {kind_of(path): path for path in built.pages[persona] if kind_of(path) not in met}


@BY_PERSONA
def test_reading_writes_nothing(built: Built, standing_world: World, persona: str) -> None:
    """CHECKS 8: GET and HEAD, on every page that somebody comes to."""
    wrong = []
    for path in built.pages[persona]:
        for method in ("GET", "HEAD"):
            with undone() as wrote:
                standing_world.browser(persona).generic(method, path)
            wrong += [f"{persona} {method} {path}: {wrote}"] * bool(wrote)
    assert wrong == [], "\n".join(wrong)


@BY_PERSONA
def test_a_query_chooses_from_a_fixed_list(
    built: Built, standing_world: World, kinds: dict[str, str], persona: str
) -> None:
    """CHECKS 30 and 31: what isn't in the list is ignored or refused, and reaches no statement."""
    names = sorted(_names_in_source() | _names_in_links(built))
    odd = [*values.ODD.values(), "\0", "\u202e", "-name", "organization__people__password", "?", "name; --"]
    wrong = []
    for turn, path in enumerate(kinds.values()):
        queries = [urlencode(dict.fromkeys(names, SENTINEL)), "%ff=%ff&%00&page=%00&=&&&"]
        queries += [urlencode(dict.fromkeys(names, value[:2_000])) for value in odd[turn % 4 :: 4]]
        for query in queries:
            with undone(), CaptureQueriesContext(connection) as captured:
                answer = standing_world.browser(persona).get(f"{urlsplit(path).path}?{query}")
            if answer.status_code >= 500:
                wrong.append(f"{persona} {path}?{query[:200]}: {answer.status_code}")
            if any(SENTINEL in each["sql"] for each in captured.captured_queries):
                wrong.append(f"{persona} {path}: the query reached a statement")
    assert wrong == [], "\n".join(wrong)


def _names_in_source() -> set[str]:
    """Return every name that a view asks a query for, as it stands in the code."""
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return {name for file in files for name in ASKED_FOR.findall(Path(file).read_text())}


def _names_in_links(built: Built) -> set[str]:
    paths = (path for pages in built.pages.values() for path in pages)
    return {name for path in paths for name, _ in parse_qsl(urlsplit(path).query, keep_blank_values=True)}


def test_names_of_queries_are_found(built: Built) -> None:
    assert {"page", "order", "next", "entry", "add"} <= _names_in_source() | _names_in_links(built)


HEADERS = {
    "Accept-Language": ["*" * 5_000, "../../etc/passwd", "en-US;q=" + "9" * 400, "\u202e"],
    "HX-Request": ["true"],
    "HX-Current-URL": [
        "javascript:zqx()",
        "http://[::1",
        "http://testserver/\ud800".encode("utf-8", "replace").decode(),
    ],
    "HX-Target": ["<script>"],
    "HX-Trigger-Name-URI-AutoEncoded": ["true"],
    "HX-Trigger-Name": ["%ff%zz"],
    "User-Agent": ["", "x" * 20_000, "\x1b[2J\r\nSet-Cookie: a=b"],
    "Accept": ["application/json", "*/*;q=nonsense"],
    "X-Forwarded-For": ["1.2.3.4, , \"'", "::ffff:" * 500],
    "X-Forwarded-Proto": ["gopher"],
    "X-Requested-With": ["XMLHttpRequest"],
    "X-HTTP-Method-Override": ["DELETE"],
    "If-Modified-Since": ["Thu, 99 Foo 99999 99:99:99 GMT"],
    "If-None-Match": ['W/"' + "x" * 5_000],
    "Range": ["bytes=9-1,-"],
    "Referer": ["http://[::1", "data:text/html,x"],
    "Origin": ["null", "http://[::1"],
    "Content-Length": ["-1", "nonsense"],
    "Content-Type": ["multipart/form-data", "text/html; charset=utf-7"],
}


@BY_PERSONA
def test_a_header_is_never_more_than_a_refusal(
    standing_world: World, kinds: dict[str, str], persona: str
) -> None:
    """CHECKS 30."""
    wrong = []
    headers = [(name, value) for name, given in HEADERS.items() for value in given]
    for turn, path in enumerate(kinds.values()):
        # Every three pages meet all of them.
        for name, value in headers[turn % 3 :: 3]:
            with undone():
                answer = standing_world.browser(persona).get(path, headers={name: value})
            if answer.status_code >= 500:
                wrong.append(f"{persona} {path} with {name}: {value[:80]!r}: {answer.status_code}")
    assert wrong == [], "\n".join(wrong)


ODD_COOKIES = (
    "",
    "\0",
    "x" * 50_000,
    "../../x",
    "\u202e",
    '"',
    "a;b",
    "%ff",
    "é",
    "' OR 1=1 --",
    "{}",
    "1:2:3",
)


@pytest.mark.parametrize("path", ["/", "/account/login/", "/directory/", "/account/profile/edit/"])
def test_a_cookie_is_never_more_than_none(standing_world: World, path: str) -> None:
    """CHECKS 30: whoever brings a bad one is nobody."""
    names = (
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.LANGUAGE_COOKIE_NAME,
        "messages",
        "device",
    )
    for name in names:
        for value in ODD_COOKIES:
            for persona in ("therapist", SIGNED_OUT):
                browser = standing_world.browser(persona)
                # As a server hands over what a browser sent.
                browser.cookies[name] = value.encode().decode("latin-1")
                with undone() as wrote:
                    answers = [browser.get(path), browser.post(path, {"name": "x"})]
                assert all(answer.status_code < 500 for answer in answers), (name, value[:80], persona)
                if persona == SIGNED_OUT:
                    assert wrote == []


def test_a_part_of_a_path_is_never_more_than_not_found(built: Built, standing_world: World) -> None:
    """CHECKS 30: other ways to write an id, and what is none."""
    uuid = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
    wrong = []
    for persona in PERSONAS:
        for path in _one_of_each(path for path in built.pages[persona] if uuid.search(path)):
            for part in _parts(uuid.search(path)[0]):
                bad = uuid.sub(lambda found, part=part: part, path, count=1)
                with undone() as wrote:
                    answer = standing_world.browser(persona).get(bad)
                if answer.status_code not in (301, 302, 400, 403, 404) or wrote:
                    wrong.append(f"{persona} {bad[:200]}: {answer.status_code} {wrote}")
    assert wrong == [], "\n".join(wrong)


def _one_of_each(paths: Iterator[str]) -> Iterator[str]:
    met: set[str] = set()
    for path in paths:
        if name_of(path) not in met:
            met.add(name_of(path))
            yield path


def _parts(uuid: str) -> tuple[str, ...]:
    return (
        uuid.upper(),
        uuid.replace("-", ""),
        quote("{" + uuid + "}"),
        f"urn:uuid:{uuid}",
        f"{uuid}%00",
        f"{uuid}%0a",
        "%ff%fe",
        "%ed%a0%80",
        "..%2f..%2fetc%2fpasswd",
        "x" * 20_000,
        "0" * 36,
        "%20" + uuid,
    )


@pytest.mark.parametrize("persona", ["therapist", SIGNED_OUT])
def test_what_only_scripts_send_is_never_more_than_refused(
    built: Built, standing_world: World, persona: str
) -> None:
    """CHECKS 30: also as JSON, 5,000 deep, of the wrong kind, cut short, and ten megabytes long."""
    bodies = (
        *(
            (each, "application/json")
            for each in (values.DEEP, b"", b"{", b"[]", b"null", b'{"id": "\xed\xa0\x80"}')
        ),
        *((each, "application/json") for each in (b"NaN", b"1e999999", b'{"id": {"id": []}}', b'"\\ud800"')),
        (values.TEN_MEGABYTES, "application/json"),
        (values.MANY_FIELDS, "application/x-www-form-urlencoded"),
        (b"credential=" + values.DEEP, "application/x-www-form-urlencoded"),
        (b".question=noted&noted=%00", "application/x-www-form-urlencoded"),
        (b"--b\r\n", "multipart/form-data; boundary=b"),
    )
    for path in _sent_by_scripts(built.world):
        for body, content_type in bodies:
            with undone() as wrote:
                answer = standing_world.browser(persona).generic("POST", path, body, content_type)
            assert answer.status_code < 500, (path, body[:60])
            assert answer.status_code < 400 or wrote == [], (path, body[:60], wrote)


def _sent_by_scripts(world: World) -> list[str]:
    autosave = reverse("screenings:autosave", args=[world.ids["open"], "everything"])
    names = (
        "security:passkey_request",
        "security:passkey_creation",
        "security:passkey_sign_in",
        "security:code",
    )
    return [
        autosave,
        *map(reverse, names),
        *map(reverse, ("security:add_passkey", "sessions:stay", "sessions:status")),
    ]


# What no page that people read leads to, each with the reason.
NOT_MET = {
    "account_reset_password_done": "follows a form that signed-out people send",
    "account_reset_password_from_key": "an e-mail leads there",
    "account_reset_password_from_key_done": "follows that e-mail's form",
    "favicon": "browsers ask for it",
    "people:enable_organization": "the world's organizations are enabled",
    "people:enable_user": "the world's people are enabled",
    "robots_txt": "crawlers ask for it",
    "questionnaires:build_problems": "a script asks for it",
    "questionnaires:build_redo": "follows an undo",
    "referrals:statements": "asked where a statement speaks of the whole record",
    "desk:corrections": "offered at home where a correction touches a screening",
    "questionnaires:build_move_choice": "a button of the form of choices leads there",
    "questionnaires:save_vignette": "a button of the preview's form leads there",
    "desk:correction_looked": "offered where a correction touches a screening",
    "screenings:autosave": "a script sends it",
    "screenings:move": "offered where a newer version is in use",
    "security:again": "asks somebody whose proof is old; the world's people have just come",
    "security:choose": "asks somebody who has no second factor yet",
    "security:code": "asks somebody who has given a password alone",
    "security:codes_as_text": "follows new recovery codes, once",
    "security:confirm_email": "an e-mail leads there",
    "security:new_codes": "follows new recovery codes, once",
    "security:passkey_creation": "a script asks for it",
    "security:passkey_request": "a script asks for it",
    "security:remove_factor": "offered to somebody who has two",
    "security_txt": "researchers ask for it",
    "sessions:status": "a script asks for it",
    "sessions:stay": "a script sends it",
}


def test_the_sweeps_meet_every_address(built: Built) -> None:
    """A new page is met as soon as a link or a form leads to it."""
    met = {name for pages in built.pages.values() for name in pages.values()}
    met |= {name_of(form.action) for forms in built.forms.values() for form in forms}
    missing = {name for name, _ in names_of(get_resolver())} - met
    assert missing == NOT_MET.keys(), sorted(missing ^ NOT_MET.keys())
