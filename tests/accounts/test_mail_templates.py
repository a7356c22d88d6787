"""Whatever the product can mail is a sentence of ours and a link: CHECKS 38."""

import ast
import re
from pathlib import Path

import pytest

from tests.databases import ROOT

TEMPLATES = sorted((ROOT / "templates").glob("**/email/*.txt"))
VALUE = re.compile(r"{{\s*([\w.]+)|=\s*([\w.]+)(?:\|\w+)?(?=\s|%)")
# The link, and the day on which it ends.
LINKS = {"link", "password_reset_url", "expires_at", "day"}
PACKAGES = ("accounts", "config", "desk", "guidance", "privacy", "referrals", "screening")
SENDS = frozenset({"send_mail", "send_mass_mail", "mail_admins", "mail_managers", "EmailMessage"})


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: str(each.relative_to(ROOT)))
def test_a_mail_holds_a_link_and_no_other_value(template: Path) -> None:
    """CHECKS 38."""
    values = {name for pair in VALUE.findall(template.read_text()) for name in pair if name}
    assert values <= LINKS


def test_there_are_mails() -> None:
    assert len(TEMPLATES) >= 5


def test_mail_leaves_from_few_places() -> None:
    """CHECKS 38: whoever adds a way to send looks at what it carries, and at this list."""
    found = {
        str(file.relative_to(ROOT))
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        if SENDS & set(_called(file))
    }
    assert found == {"accounts/notices.py", "accounts/views/emails.py", "accounts/views/persons.py"}


def _called(file: Path) -> list[str]:
    calls = [node.func for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    return [getattr(call, "id", getattr(call, "attr", "")) for call in calls]
