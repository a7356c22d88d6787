"""Small differences between one invented client and the next, the same on every computer."""

from collections.abc import Callable, Mapping
from typing import Any

Answer = Mapping[str, Any]

SCALES = ("phq9", "gad7", "pcl5")
# Item 9 of the PHQ-9 decides about more than a total: it stays as the case says.
VARYING_ITEMS = frozenset(map(str, range(1, 9)))
MOST_POINTS = 3

GOALS = (
    "Have energy for my kids again.",
    "Go back to work four days a week and get through the afternoon.",
    "Sleep through, and not be afraid of the night.",
    "Want to see my friends again instead of canceling on them.",
    "Finish my degree. I have two courses left and can't read a page.",
    "Be able to drive over the bridge.",
    "Play the cello again without it hurting for two days afterwards.",
    "Feel something at my daughter's wedding in June.",
    "Have a day on which I don't count the hours.",
    "Cook for myself, answer the mail, ordinary things.",
)

MEDICINES = (
    (("Bupropion XL", "one in the morning, as told", "pharmacy_list"),),
    (
        ("Sertraline", "one and a half in the evening", "client"),
        ("Levothyroxine", "one before breakfast", "client"),
    ),
    (("Venlafaxine ER", "two in the morning", "pharmacy_list"), ("Melatonin", "when needed", "client")),
    (("Duloxetine", "one in the morning", "prescriber"), ("Ibuprofen", "when it hurts", "client")),
    (),
    (
        ("Escitalopram", "one at night", "pharmacy_list"),
        ("Lisinopril", "one in the morning", "pharmacy_list"),
    ),
    (("Mirtazapine", "one at night", "client"),),
)

ALLERGIES = (
    "None known.",
    "Penicillin: rash as a child.",
    "None known.",
    "Sulfa medicines.",
    "Latex: hives.",
)


def vary(key: str, answer: Answer, seed: int) -> Answer:
    """Return the answer as this client gives it: same meaning for the rules, other words and numbers."""
    if "unknown" in answer:
        return answer
    scale, _, item = key.partition("_")
    if scale in SCALES and item in VARYING_ITEMS:
        return _raised(answer, seed, int(item))
    change = CHANGES.get(key)
    return change(seed) if change else answer


def _raised(answer: Answer, seed: int, item: int) -> Answer:
    points = int(answer["value"])
    if points < MOST_POINTS and (item * 7 + seed) % 5 < seed % 5:
        points += 1
    return {"value": str(points)}


def _medicines(seed: int) -> Answer:
    return {
        "entries": [
            {
                "medicine_name": {"value": name},
                "medicine_dose": {"value": dose},
                "medicine_source": {"value": source},
            }
            for name, dose, source in MEDICINES[seed % len(MEDICINES)]
        ]
    }


CHANGES: dict[str, Callable[[int], Answer]] = {
    "goals": lambda seed: {"value": GOALS[seed % len(GOALS)]},
    "medicines": _medicines,
    "allergies": lambda seed: {"value": ALLERGIES[seed % len(ALLERGIES)]},
    "systolic": lambda seed: {"value": 108 + seed * 7 % 31},
    "diastolic": lambda seed: {"value": 66 + seed * 5 % 22},
    "peg_1": lambda seed: {"value": 5 + seed % 4},
    "peg_2": lambda seed: {"value": 4 + seed % 5},
    "peg_3": lambda seed: {"value": 6 + seed % 3},
}
