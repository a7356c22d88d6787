"""What is proved of a version’s rules: by a finished run, or by the proof that a shipped one brings."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from screening import catalog
from screening.engine import Definition, DocumentProblems
from screening.explanation.proved import Proved, proved
from screening.models import QuestionnaireVersion, Verification, VerificationState, VersionState
from screening.verification import Report, rules_digest

PROOFS = Path(__file__).resolve().parent / "questionnaires" / "proofs"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a version's rules.

    `report` is that of a finished run of exactly these rules, or None; `run` the newest that was asked for.
    `before` is the digest of the rules in use, which a comparison would be with.
    """

    rules: str
    before: str
    report: Report | None
    run: Verification | None
    in_use: QuestionnaireVersion | None

    @property
    def is_proved(self) -> bool:
        """Whether a verification of these rules is finished and nothing in it does not hold."""
        return self.report is not None and not self.report.wrong

    @property
    def is_compared(self) -> bool:
        """Whether the report also says what differs from the rules in use."""
        return self.report is not None and self.report.before == self.before


def verification_of(version: QuestionnaireVersion) -> Standing | None:
    """Return what is known of the version's rules; None where its document can't be read any more."""
    try:
        definition = catalog.definition_of_version(version)
    except DocumentProblems:
        return None
    in_use = _in_use(version)
    rules = rules_digest(definition)
    before = _digest_of(in_use)
    runs = Verification.objects.filter(rules=rules, before__in={before, ""}).order_by("-requested_at")
    finished = [run for run in runs if run.state == VerificationState.FINISHED]
    compared = next((run for run in finished if run.before == before), None)
    chosen = compared or next(iter(finished), None)
    kept = chosen.report if chosen else None
    report = Report.from_json(kept) if kept else shipped_proof(definition)
    return Standing(rules, before, report, next(iter(runs), None), in_use)


def shipped_proof(definition: Definition) -> Report | None:
    """Return the proof that came with a questionnaire, if it is of exactly these rules."""
    return _shipped().get(rules_digest(definition))


@cache
def _shipped() -> dict[str, Report]:
    reports = [Report.from_json(json.loads(path.read_text())) for path in sorted(PROOFS.glob("*.json"))]
    return {report.rules: report for report in reports}


def _in_use(version: QuestionnaireVersion) -> QuestionnaireVersion | None:
    """Return the published version that this one would follow, its document left out."""
    rows = QuestionnaireVersion.objects.filter(
        questionnaire_id=version.questionnaire_id, state=VersionState.PUBLISHED
    )
    return rows.exclude(pk=version.pk).defer("document").first()


def _digest_of(version: QuestionnaireVersion | None) -> str:
    if version is None:
        return ""
    try:
        return rules_digest(catalog.definition_of(version.pk))
    except DocumentProblems:
        return ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows of a version's verification."""

    version: QuestionnaireVersion
    standing: Standing
    proved: Proved | None
    percent: int

    @property
    def is_waited_for(self) -> bool:
        """Whether a run may still come to an end, so that it is worth looking again."""
        return self.standing.run is not None and self.standing.run.is_waited_for

    @property
    def has_ended_early(self) -> bool:
        """Whether the newest run ended, or went silent, before it was done."""
        run = self.standing.run
        return run is not None and (run.state == VerificationState.ENDED_EARLY or run.has_gone_silent)

    @property
    def can_be_asked(self) -> bool:
        """Whether there is anything that a run would add."""
        return not self.is_waited_for and not self.standing.is_compared


def page_of(version: QuestionnaireVersion) -> Page | None:
    """Return what a page shows; None where the document can't be read any more."""
    standing = verification_of(version)
    if standing is None:
        return None
    definition = catalog.definition_of_version(version)
    run = standing.run
    percent = 100 * run.steps_done // run.steps_of if run is not None and run.steps_of else 0
    read = proved(definition, standing.report) if standing.report else None
    return Page(version, standing, read, percent)
