"""Pages read as a browser reads them: links, forms with their fields, and what stands at a field."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.http import HttpResponse
from django.urls import Resolver404, resolve

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
Attributes = dict[str, str]


@dataclass
class Element:
    """An element with its attributes, its children and the text in it."""

    tag: str
    attributes: Attributes
    children: list["Element"] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """Yield the element and everything in it, in order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def text(self) -> str:
        """Return all text in it."""
        return " ".join(" ".join(each.texts) for each in self.walk())

    def find(self, *tags: str) -> Iterator["Element"]:
        """Yield the elements with one of these tags."""
        return (each for each in self.walk() if each.tag in tags)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("page", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.open[-1].children.append(Element("comment", {}))


def read(html: str) -> Element:
    """Return the page's elements."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


@dataclass(frozen=True)
class Field:
    """One name that a form sends: how it is drawn, its value, and the values to choose from."""

    name: str
    kind: str
    value: str
    choices: tuple[str, ...] = ()

    @property
    def is_typed(self) -> bool:
        """Whether somebody types into it."""
        return self.kind in {"text", "textarea", "email", "tel", "search", "password", "number", "date"}


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page of somebody's."""

    persona: str
    page: str
    action: str
    is_upload: bool
    fields: tuple[Field, ...]

    @property
    def kind(self) -> tuple[str, ...]:
        """What tells two forms apart that aren't the same one about another record."""
        try:
            match = resolve(urlsplit(self.action).path)
        except Resolver404:
            return (self.action,)
        named = (value for value in match.kwargs.values() if isinstance(value, str))
        return (match.view_name, *named, *sorted({each.name for each in self.fields}))

    def __str__(self) -> str:
        return f"{self.persona} at {self.page} -> {self.action}"

    def filled(self) -> dict[str, list[str]]:
        """Return what a sensible person would send: what stands there, and something in what is empty."""
        sent: dict[str, list[str]] = {}
        for each in self.fields:
            sent.setdefault(each.name, []).append(_sensible(each))
        # Nobody gives an answer and says at once that there is none.
        return {
            name: given
            for name, given in sent.items()
            if not name.startswith(UNKNOWN) and not name.endswith(UNKNOWN_TOO)
        }


SAVING = ("do", "save")
UNKNOWN, UNKNOWN_TOO = "unknown_", ".unknown"
LIKELY = {
    "birth_date": "02/27/1991",
    "day": "11/02/2026",
    "expires_on": "06/30/2027",
    "happened_at": "11/02/2026 1:55 PM",
    "email": "somebody@example.org",
    "login": "somebody@example.org",
    "wait_weeks": "3",
    "exact": "Words",
}


def _sensible(each: Field) -> str:
    if each.value or each.kind == "hidden":
        return each.value
    if each.choices:
        return next(filter(None, each.choices), "")
    return LIKELY.get(each.name, "Words")


def forms_of(answer: HttpResponse, persona: str, page: str) -> list[Form]:
    """Return the forms of a page that post."""
    found = []
    for element in read(answer.content.decode()).find("form"):
        if element.attributes.get("method", "get").lower() != "post":
            continue
        action = urljoin(page, element.attributes.get("action") or page)
        is_upload = "multipart" in element.attributes.get("enctype", "")
        found.append(Form(persona, page, action, is_upload, tuple(_fields(element))))
    return found


def _fields(form: Element) -> Iterator[Field]:
    radios: dict[str, list[Element]] = {}
    for element in form.find("input", "textarea", "select"):
        name, kind = element.attributes.get("name", ""), element.attributes.get("type", "text")
        if not name or name == "csrfmiddlewaretoken" or kind in {"submit", "button"}:
            continue
        match element.tag:
            case "textarea":
                yield Field(name, "textarea", element.text().removeprefix("\n"))
            case "select":
                yield _select(name, element)
            case _ if kind in {"radio", "checkbox"}:
                radios.setdefault(name, []).append(element)
            case _:
                yield Field(name, kind, element.attributes.get("value", ""))
    for name, group in radios.items():
        values = tuple(each.attributes.get("value", "on") for each in group)
        chosen = [each.attributes.get("value", "on") for each in group if "checked" in each.attributes]
        yield Field(name, group[0].attributes["type"], chosen[0] if chosen else values[0], values)
    # Where several buttons do something, the one that saves is pressed.
    for button in form.find("button"):
        if (button.attributes.get("name"), button.attributes.get("value")) == SAVING:
            yield Field(SAVING[0], "hidden", SAVING[1])


def _select(name: str, element: Element) -> Field:
    options = list(element.find("option"))
    values = tuple(each.attributes.get("value", "") for each in options)
    chosen = [each.attributes.get("value", "") for each in options if "selected" in each.attributes]
    return Field(name, "select", chosen[0] if chosen else "", values)


def links_of(answer: HttpResponse, page: str) -> Iterator[str]:
    """Yield the addresses of the product that a page leads to."""
    for element in read(answer.content.decode()).find("a"):
        to = urlsplit(urljoin(page, element.attributes.get("href", "")))
        if not to.netloc and to.scheme in {"", "http", "https"} and to.path.startswith("/"):
            yield to.path + (f"?{to.query}" if to.query else "")


def error_at(answer: HttpResponse, name: str) -> str:
    """Return what stands as an error beside the field of this name; nothing where there is none."""
    page = read(answer.content.decode())
    for element in page.walk():
        if "has-error" not in element.attributes.get("class", "").split():
            continue
        if any(
            control.attributes.get("name") == name for control in element.find("input", "textarea", "select")
        ):
            return " ".join(element.text().split())
    return ""


def value_at(answer: HttpResponse, name: str) -> str:
    """Return what stands in the field of this name."""
    for element in read(answer.content.decode()).find("input", "textarea"):
        if element.attributes.get("name") == name:
            return (
                element.text().removeprefix("\n")
                if element.tag == "textarea"
                else element.attributes.get("value", "")
            )
    return ""
