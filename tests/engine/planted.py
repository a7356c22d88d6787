"""Twelve documents with one defect each, as an admin could make it, and where each must be named.

`tests/engine/defects/sound.json` is the document that they were made from: nothing is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFECTS = Path(__file__).parent / "defects"
SOUND = DEFECTS / "sound.json"


@dataclass(frozen=True)
class Planted:
    """What the command answers: 1 where the rules can be read, 2 where they can't; and the place."""

    code: int
    place: str


PLANTED = {
    "band_gap": Planted(1, "scores.0.bands.0.from"),
    "criterion_never_met": Planted(1, "indications.0.criteria.0.when"),
    "cycle_of_gates": Planted(2, "sections.1.questions.0.shown_when.fact"),
    "duplicate_key": Planted(2, "sections.2.questions.1.key"),
    "forbidden_word": Planted(1, "sections.1.questions.0.help"),
    "gate_on_a_later_question": Planted(2, "sections.1.questions.1.shown_when.fact"),
    "published_without_source": Planted(1, "indications.0.criteria.1.sources"),
    "uncovered_criterion": Planted(1, "indications.0.criteria.1"),
    "unknown_fact": Planted(2, "indications.0.criteria.1.when.fact"),
    "vignette_disagrees": Planted(1, "vignettes.1.expect.indications.low_mood"),
    "wrong_operator": Planted(2, "indications.0.criteria.1.when.at_least"),
    "yes_to_nothing": Planted(1, "indications.1.criteria"),
}
