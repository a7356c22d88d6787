"""What a browser says of itself, in two words: enough to tell one's own sessions apart, and no more."""

from dataclasses import dataclass

# The first word found decides: browsers name those they descend from after themselves.
FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
# Longer than any browser's own; the rest of a longer one isn't looked at.
LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser's family and its system, each empty where it can't be told."""

    family: str
    system: str


def describe(user_agent: str) -> Browser:
    """Return the family and system that a User-Agent header names."""
    text = user_agent[:LOOKED_AT]
    return Browser(_first(FAMILIES, text), _first(SYSTEMS, text))


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for word, name in names if word in text), "")
