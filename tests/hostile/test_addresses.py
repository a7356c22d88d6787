"""A client's data stands in no address, title, header, cookie or file name: CHECKS 26."""

import re

from tests.hostile.pages import Element
from tests.hostile.payloads import MARKER
from tests.hostile.seeded import Met

# Whose words these are: a client's, or somebody's about a client.
ABOUT_CLIENTS = (
    "acknowledgement",
    "amendment",
    "answer",
    "client",
    "consent",
    "course",
    "emergency",
    "event",
    "hand_over",
    "judgment",
    "message",
    "records",
    "referral",
    "screening",
    "stranger",
)
# The client's birth date in the world, as anybody would write it.
BORN = re.compile(r"1992[-/]05[-/]19|0?5[-/]19[-/]1992|May 19, 1992")
LEADS = ("href", "action", "formaction", "src", "srcset", "hx-get", "hx-post", "hx-push-url", "data-autosave")


def about_clients(text: str, met: Met) -> list[str]:
    """Return what of a client stands in the text."""
    found = [met.words.places[mark] for mark in MARKER.findall(text)]
    return [place for place in found if place.startswith(ABOUT_CLIENTS)] + BORN.findall(text)


def test_the_pages_do_show_clients(met: Met) -> None:
    """What follows proves something: the same words are on the pages themselves."""
    seen = {place for _page, root in met.html() for place in about_clients(root.text(), met)}
    shown = {place.partition(".")[0] for place in seen if "." in place}
    assert shown >= {"client", "answer", "judgment", "message", "event", "course", "referral"}


def test_no_address_on_a_page_holds_a_client(met: Met) -> None:
    """CHECKS 26: addresses become history, bookmarks, referrers and log lines."""
    wrong = [
        f"{page.path} {element.tag} {name}={element.attributes[name]}"
        for page, root in met.html()
        for element in root.walk()
        for name in LEADS
        if about_clients(element.attributes.get(name, ""), met)
    ]
    assert wrong == []


def test_no_title_holds_a_client(met: Met) -> None:
    """CHECKS 26: titles become history and the names of tabs."""
    for page, root in met.html():
        # A redirect has none, nor has a piece of a page.
        for title in root.find("title"):
            assert about_clients(title.text(), met) == [], page.path


def test_no_header_cookie_or_file_name_holds_a_client(met: Met) -> None:
    """CHECKS 26: nor the address that an answer leads to."""
    for page in met.pages:
        headers = [f"{name}: {value}" for name, value in page.answer.headers.items()]
        headers += [morsel.OutputString() for morsel in page.answer.cookies.values()]
        assert [each for each in headers if about_clients(each, met)] == [], page.path
        assert about_clients(page.path, met) == []


def test_no_page_tells_another_site_where_it_was(met: Met) -> None:
    """CHECKS 26: the browser sends no more than the site's own name, and that to nobody else."""
    policies = {page.answer.headers.get("Referrer-Policy") for page in met.pages}
    assert policies <= {"same-origin", "no-referrer", "strict-origin"}
    for page, root in met.html():
        assert _elsewhere(root) == [], page.path


def _elsewhere(root: Element) -> list[str]:
    """Return what a page would load from another site."""
    loaded = (element.attributes.get("src", "") for element in root.find("img", "script", "iframe", "source"))
    return [address for address in loaded if "//" in address]
