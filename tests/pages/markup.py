"""The checks of a template: each takes its source and returns what is wrong with it."""

import ast
import html
import re

COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.S)
LAYOUT_CLASSES = re.compile(r"{%\s*block layout\s*%}[^{<]*{%\s*endblock.*?%}")
BLOCK_TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.S)
TAG_OR_VARIABLE = re.compile(r"{%.*?%}|{{.*?}}", re.S)
ELEMENT = re.compile(r"<[^>]*>")
SPOKEN_ATTRIBUTE = re.compile(r"\b(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"")
LETTER = re.compile(r"[^\W\d_]")
INLINE = {
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "a script in the page": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "an event attribute": re.compile(r"\s(?:on[a-z]+|hx-on[:a-z-]*)\s*=", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "an evaluated value": re.compile(r"hx-vals\s*=\s*['\"]js:", re.I),
    "a data: address": re.compile(r"(?:src|href)\s*=\s*['\"]data:", re.I),
}
UNESCAPED = re.compile(r"\|\s*safe(?:seq)?\b|autoescape\s+off")
BLOCK = r"{%\s*block\s+NAME\s*%}(.*?){%\s*endblock"
PARTIAL_WITH_PAGE = frozenset(
    {
        "components/form.html",
        "components/navigation.html",
        "components/navigation_links.html",
        "components/saved.html",
    }
)
# A section's name is the questionnaire's, and a move's page is named by the table of moves.
TITLES = frozenset({"section.title", "page.title"})
# What is the same in every language.
NAMES = frozenset({"sha256"})
INCLUDE = re.compile(r"{%\s*include\s+[\"']([^\"']+)[\"'](.*?)%}")


def inline_code(source: str) -> list[str]:
    """Return what the content security policy would refuse."""
    plain = COMMENT.sub(" ", source)
    return [name for name, pattern in INLINE.items() if pattern.search(plain)]


def unescaped(source: str) -> list[str]:
    """Return each place that switches escaping off."""
    return UNESCAPED.findall(COMMENT.sub(" ", source))


def untranslated(source: str) -> list[str]:
    """Return the words that stand in the template without going through a translate tag."""
    plain = LAYOUT_CLASSES.sub(" ", BLOCK_TRANSLATED.sub(" ", COMMENT.sub(" ", source)))
    plain = TAG_OR_VARIABLE.sub(" ", plain)
    spoken = SPOKEN_ATTRIBUTE.findall(plain)
    pieces = [html.unescape(piece).strip() for piece in ELEMENT.split(plain)] + spoken
    return [" ".join(piece.split()) for piece in pieces if LETTER.search(piece) and piece not in NAMES]


def block(source: str, name: str) -> str | None:
    """Return what the template writes into a block, or None if it leaves it alone."""
    found = re.search(BLOCK.replace("NAME", name), source, re.S)
    return found.group(1) if found else None


def heading_problem(source: str) -> str | None:
    """Return why a page has no heading of its own, or two."""
    plain = COMMENT.sub(" ", source)
    own = len(re.findall(r"<h1\b", plain))
    replaces = block(plain, "pagehead") is not None or block(plain, "main") is not None
    fills = block(plain, "heading") is not None
    if own > 1:
        return "two h1"
    if own and not replaces:
        return "an h1 beside the heading block"
    if not own and not fills:
        return "no heading"
    return None


def named_in_title(source: str) -> list[str]:
    """Return the variables in a title that could be a client's data."""
    found = re.findall(r"{{\s*(.*?)\s*}}", block(source, "title") or "")
    return [name for name in found if name not in TITLES]


def includes_without_only(source: str) -> list[str]:
    """Return the partials that would see the whole page's context."""
    return [
        name
        for name, rest in INCLUDE.findall(source)
        if name.startswith("components/")
        and name not in PARTIAL_WITH_PAGE
        and not rest.rstrip().endswith("only")
    ]


def marked_safe(source: str) -> list[str]:
    """Return the calls in Python code that would let text past the escaping."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = [call.id if isinstance(call, ast.Name) else getattr(call, "attr", "") for call in calls]
    return [name for name in names if name in {"mark_safe", "SafeString", "SafeText"}]
