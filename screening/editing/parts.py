"""In which part of a questionnaire an edit was made, in a word for the others who edit it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from screening.editing.documents import Document
from screening.editing.merging import taken_apart


def part_changed(before: Document, after: Document) -> str:
    """Return the title of the section that differs first, or the name of the list that does."""
    was, now = taken_apart(before), taken_apart(after)
    titles = {section["key"]: section["title"] for section in now["sections"]}
    old = {section["key"]: section for section in was["sections"]}
    for section in now["sections"]:
        known = old.get(section["key"])
        asked = any(was["questions"].get(key) != now["questions"][key] for key in section["questions"])
        if known != section or asked:
            return str(titles[section["key"]])
    names = {
        "scores": _("Scores"),
        "indications": _("Indications"),
        "considerations": _("Considerations"),
        "sources": _("Sources"),
        "instruments": _("Instruments"),
        "vignettes": _("Vignettes"),
        "choice_sets": _("Choices"),
    }
    return next((name for key, name in names.items() if was[key] != now[key]), _("Sections"))
