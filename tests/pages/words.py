"""What the software writes, taken out of its sources, and the words it may not use."""

import ast
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from screening.engine.wording import own_texts

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "desk", "guidance", "referrals", "screening", "accounts", "privacy")
GETTEXT = frozenset(
    {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
)

BLOCK_COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.S)
TRANSLATED = re.compile(r"{%\s*(?:translate|trans)\s+(\"[^\"]*\"|'[^']*').*?%}", re.S)
TAG_OR_VARIABLE = re.compile(r"{%.*?%}|{{.*?}}", re.S)
SPOKEN_ATTRIBUTE = re.compile(r"\b(?:aria-label|title|alt|placeholder|content)=\"([^\"]*)\"")
ELEMENT = re.compile(r"<[^>]*>")
SCRIPT_STRING = re.compile(r"\"([^\"\n]*)\"|`([^`]*)`")


def template_text(source: str) -> str:
    """Return what a reader could read or hear: text, translated strings, spoken attributes."""
    source = BLOCK_COMMENT.sub(" ", source)
    source = TRANSLATED.sub(lambda match: match.group(1)[1:-1], source)
    source = TAG_OR_VARIABLE.sub(" ", source)
    spoken = " . ".join(SPOKEN_ATTRIBUTE.findall(source))
    return html.unescape(ELEMENT.sub(" ", source) + " . " + spoken)


def templates() -> Iterator[tuple[str, str]]:
    """Yield each template's name and its text; e-mails are templates too."""
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            yield str(path.relative_to(ROOT)), template_text(path.read_text(encoding="utf-8"))


def _docstrings(tree: ast.AST) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [node.body for node in ast.walk(tree) if isinstance(node, owners)]
    return {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}


def python_messages(source: str) -> list[str]:
    """Return the strings that code could show: messages, and all of two words or more but docstrings."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    marked = {id(argument) for node in nodes if _is_gettext(node) for argument in node.args}
    parts = {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    left_out = _docstrings(tree) | parts
    plain = [
        node.value
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in left_out
        and (id(node) in marked or " " in node.value.strip())
    ]
    return plain + [_joined(node) for node in nodes if isinstance(node, ast.JoinedStr)]


def _joined(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else " … " for part in node.values)


def script_strings(source: str) -> list[str]:
    """Return the string literals of a script."""
    return [first or second for first, second in SCRIPT_STRING.findall(source)]


def _is_gettext(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT


def python_sources() -> Iterator[tuple[str, str]]:
    """Yield each of our Python files, migrations aside, and its source."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def document_texts(document: dict) -> list[str]:
    """Return a questionnaire's own words: not its published instruments, its citations or what it quotes."""
    return [text for _place, text in own_texts(document)]


def shipped_documents() -> Iterator[tuple[str, dict]]:
    """Yield each shipped questionnaire's file name and document."""
    for path in sorted((ROOT / "screening" / "questionnaires").glob("*.json")):
        yield path.name, json.loads(path.read_text(encoding="utf-8"))
