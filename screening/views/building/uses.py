"""Where a place that reads something is edited, and what kind of place it is."""

from dataclasses import dataclass

from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from screening.editing.uses import Use, UseKind
from screening.views.building.bench import Bench


@dataclass(frozen=True, slots=True)
class ShownUse:
    """One place with its page in the builder, "" where it has none."""

    title: str
    kind: str
    url: str


def shown_uses(bench: Bench, uses: tuple[Use, ...]) -> list[ShownUse]:
    """Return the places with a link to each."""
    return [_shown(bench, use) for use in uses]


def _shown(bench: Bench, use: Use) -> ShownUse:
    key = use.keys[-1] if use.keys else ""
    match use.kind:
        case UseKind.SECTION:
            return ShownUse(use.title, _("section"), bench.address("build_section", section=key))
        case UseKind.QUESTION:
            return ShownUse(use.title, _("question"), bench.address("build_question", question=key))
        case UseKind.SCORE:
            return ShownUse(use.title, _("score"), _tried(bench, "build_score", "build_scores", score=key))
        case UseKind.SCOPE:
            return ShownUse(use.title, _("scope"), _tried(bench, "build_scope", "build_indications"))
        case UseKind.CRITERION:
            keys = {"indication": use.keys[0], "criterion": key}
            return ShownUse(
                use.title, _("criterion"), _tried(bench, "build_criterion", "build_indications", **keys)
            )
        case UseKind.CONSIDERATION:
            found = _tried(bench, "build_consideration", "build_considerations", consideration=key)
            return ShownUse(use.title, _("consideration"), found)
        case UseKind.VIGNETTE:
            found = _tried(bench, "build_vignette", "build_vignettes", vignette=key)
            return ShownUse(use.title, _("vignette"), found)


def _tried(bench: Bench, name: str, otherwise: str, **keys: str) -> str:
    for view, given in ((name, keys), (otherwise, {})):
        try:
            return bench.address(view, **given)
        except NoReverseMatch:
            continue
    return ""
