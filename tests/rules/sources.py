"""The product's own modules, parsed."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("accounts", "config", "desk", "guidance", "privacy", "referrals", "screening")
TOOLS = ("bench", "scan")


@cache
def modules(*packages: str) -> dict[str, ast.Module]:
    """Return every module of the packages (the product's, unless others are named) by its path."""
    found = {"manage.py": ROOT / "manage.py"} if not packages else {}
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            found[str(path.relative_to(ROOT))] = path
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in found.items()}


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call with what is called, as it is written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def is_view(name: str) -> bool:
    """Return whether a module holds views."""
    return "/views/" in name or name.endswith("/views.py")
