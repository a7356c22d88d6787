"""What is stored of organizations, people and how they sign in."""

from accounts.models.erasures import Erasure
from accounts.models.factors import EmailChange, Factor, RecoveryCode, ResetReason
from accounts.models.people import (
    DUTIES_OF,
    Duty,
    Invitation,
    Kind,
    Organization,
    User,
    known_time_zones,
    validate_time_zone,
)
from accounts.models.sessions import Device, Session
from accounts.models.throttling import Attempts

__all__ = [
    "DUTIES_OF",
    "Attempts",
    "Device",
    "Duty",
    "EmailChange",
    "Erasure",
    "Factor",
    "Invitation",
    "Kind",
    "Organization",
    "RecoveryCode",
    "ResetReason",
    "Session",
    "User",
    "known_time_zones",
    "validate_time_zone",
]
