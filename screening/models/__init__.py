"""What is stored of questionnaires, clients and screenings, and who may see it."""

from screening.models.clients import CareTeamMember, Client, Contacts, Knows, PayerType
from screening.models.emergency import EmergencyAccess, EmergencyNotice
from screening.models.questionnaires import (
    Questionnaire,
    QuestionnaireVersion,
    SourceVerification,
    VersionState,
)
from screening.models.requests import Amendment, AmendmentStep, RecordsRequest
from screening.models.results import Acknowledgement, Finding, Judgment, JudgmentView, Signature
from screening.models.screenings import Part2, Screening, ScreeningState, SectionAnswers
from screening.models.signing import SigningCover

__all__ = [
    "Acknowledgement",
    "Amendment",
    "AmendmentStep",
    "CareTeamMember",
    "Client",
    "Contacts",
    "EmergencyAccess",
    "EmergencyNotice",
    "Finding",
    "Judgment",
    "JudgmentView",
    "Knows",
    "Part2",
    "PayerType",
    "Questionnaire",
    "QuestionnaireVersion",
    "RecordsRequest",
    "Screening",
    "ScreeningState",
    "SectionAnswers",
    "Signature",
    "SigningCover",
    "SourceVerification",
    "VersionState",
]
