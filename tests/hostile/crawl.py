"""Every page that somebody of the world can come to, by links and by what no link leads to."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.urls import Resolver404, resolve, reverse

from referrals.workflow import Status
from tests.hostile.pages import Form, forms_of, links_of
from tests.hostile.world import SIGNED_OUT, World

PERSONAS = (SIGNED_OUT, "therapist", "lead", "associate", "provider", "admin", "clinical owner")
# Pages of one kind look alike: this many are opened, but of a referral one in each of its states.
OF_A_KIND = 2
IN_EVERY_STATE = {"referrals:show": 40, "inbox:show": 40, "screenings:show": 8, "screenings:result": 8}


@dataclass(frozen=True)
class Page:
    """A page somebody came to."""

    persona: str
    path: str
    answer: HttpResponse

    @property
    def name(self) -> str:
        """The name of its address."""
        return name_of(self.path)


def name_of(path: str) -> str:
    """Return the name of an address, nothing where there is none."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def kind_of(path: str) -> str:
    """Return what tells two addresses apart that aren't the same one about another record."""
    parts = urlsplit(path)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return path
    named = [value for value in match.kwargs.values() if isinstance(value, str)]
    return " ".join([match.view_name, *named, *(["?"] if parts.query else [])])


def entrances(world: World, persona: str) -> list[str]:
    """Return the pages that a person begins with: home, and what only buttons lead to."""
    ids = world.ids
    match persona:
        case "signed out":
            return [
                reverse("account_login"),
                reverse("account_reset_password"),
                reverse("people:join", args=[world.token]),
            ]
        case "therapist":
            everything = reverse("screenings:section", args=[ids["open"], "everything"])
            return [
                "/",
                f"{everything}?add=rows",
                reverse("referrals:consent", args=[ids[Status.DRAFT]]),
                reverse("referrals:consent", args=[ids["begun"]]),
                reverse("screenings:urgent", args=[ids["acknowledged"], "danger_now"]),
                *(reverse("screenings:show", args=[ids[name]]) for name in ("mistaken", "replaced")),
                *(reverse("referrals:show", args=[ids[status]]) for status in Status),
            ]
        case "lead":
            return [
                "/",
                reverse("clients:show", args=[ids["recorded"]]),
                reverse("desk:records_request", args=[ids["asked"]]),
                reverse("desk:amendment", args=[ids["amendment"]]),
                reverse("clients:open_emergency_access", args=[ids["emergency_client"]]),
            ]
        case "admin":
            return ["/", reverse("questionnaires:version", args=[ids["version"]])]
        case "clinical owner":
            unread = (ids["in_review"], ids["retired"])
            pages = [reverse("questionnaires:sources", args=[version]) for version in unread]
            pages += [reverse("questionnaires:correction", args=[ids["correction"]])]
            return ["/", *pages, reverse("questionnaires:version", args=[ids["approved"]])]
        case "provider":
            sent = [status for status in Status if status not in (Status.DRAFT, Status.DISCARDED)]
            return ["/", *(reverse("inbox:show", args=[ids[status]]) for status in sent)]
    return ["/"]


def pages_of(world: World, persona: str) -> Iterator[Page]:
    """Yield every page that this person can come to by reading."""
    browser = world.browser(persona)
    waiting, seen, kinds = deque(entrances(world, persona)), set(), dict[str, int]()
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if path in seen or kinds.get(kind, 0) >= IN_EVERY_STATE.get(kind, OF_A_KIND):
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        answer = browser.get(path)
        yield Page(persona, path, answer)
        if answer.status_code in (301, 302):
            waiting.append(answer.headers["Location"])
        elif "html" in answer.headers.get("Content-Type", ""):
            waiting.extend(links_of(answer, path))


def forms_in(pages: Iterable[Page]) -> list[Form]:
    """Return one form of each kind that stands on these pages."""
    found: dict[tuple[str, ...], Form] = {}
    for page in pages:
        if "html" in page.answer.headers.get("Content-Type", ""):
            for form in forms_of(page.answer, page.persona, page.path):
                found.setdefault(form.kind, form)
    return list(found.values())
