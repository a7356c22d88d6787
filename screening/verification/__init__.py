"""Proofs about a questionnaire's rules, over all answers: what can happen, what never does, what changed.

`running.run` asks everything in a process of its own and returns a `report.Report`. Only the modules that
this process imports need z3.
"""

from screening.verification.report import About, Asked, Note, Report, Result, State, Witness
from screening.verification.rules import VERSION, rules_digest
from screening.verification.running import Progress, run

__all__ = [
    "VERSION",
    "About",
    "Asked",
    "Note",
    "Progress",
    "Report",
    "Result",
    "State",
    "Witness",
    "rules_digest",
    "run",
]
