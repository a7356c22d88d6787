"""What is stored of organizations, people and how they sign in."""

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

__all__ = [
    "DUTIES_OF",
    "Duty",
    "Invitation",
    "Kind",
    "Organization",
    "User",
    "known_time_zones",
    "validate_time_zone",
]
