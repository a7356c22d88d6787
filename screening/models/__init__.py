"""What is stored of questionnaires, clients and screenings, and who may see it."""

from screening.models.clients import CareTeamMember, Client, Contacts, Knows, PayerType
from screening.models.corrections import CorrectionSearch, SafetyCorrection, TouchedScreening
from screening.models.counts import OutcomeCount
from screening.models.drafts import MOST_REVISIONS, DraftRevision, RevisionKind, UnfinishedInput
from screening.models.emergency import EmergencyAccess, EmergencyNotice
from screening.models.questionnaires import (
    Questionnaire,
    QuestionnaireVersion,
    SourceVerification,
    VersionState,
)
from screening.models.reports import QuestionReport, ReportReason
from screening.models.requests import Amendment, AmendmentStep, RecordsRequest
from screening.models.results import Acknowledgement, Finding, Judgment, JudgmentView, Signature
from screening.models.reviewing import Place, ReviewComment
from screening.models.screenings import Part2, Screening, ScreeningState, SectionAnswers
from screening.models.signing import SigningCover
from screening.models.verifications import Verification, VerificationState
from screening.models.yields import QuestionYield

__all__ = [
    "MOST_REVISIONS",
    "Acknowledgement",
    "Amendment",
    "AmendmentStep",
    "CareTeamMember",
    "Client",
    "Contacts",
    "CorrectionSearch",
    "DraftRevision",
    "EmergencyAccess",
    "EmergencyNotice",
    "Finding",
    "Judgment",
    "JudgmentView",
    "Knows",
    "OutcomeCount",
    "Part2",
    "PayerType",
    "Place",
    "QuestionReport",
    "QuestionYield",
    "Questionnaire",
    "QuestionnaireVersion",
    "RecordsRequest",
    "ReportReason",
    "ReviewComment",
    "RevisionKind",
    "SafetyCorrection",
    "Screening",
    "ScreeningState",
    "SectionAnswers",
    "Signature",
    "SigningCover",
    "SourceVerification",
    "TouchedScreening",
    "UnfinishedInput",
    "Verification",
    "VerificationState",
    "VersionState",
]
