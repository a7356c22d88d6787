"""Who may look after organizations and people, and which duties exist where."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import Duty, Organization, User


def admins_only(by: User | None) -> None:
    """Refuse anybody but an admin of the network."""
    if by is None or not by.is_admin:
        raise PermissionDenied


def allowed_duties(organization: Organization, duties: Sequence[Duty | str]) -> list[str]:
    """Return the duties in their fixed order, or refuse one that this kind of organization doesn't have."""
    allowed = organization.allowed_duties
    if not set(duties) <= set(allowed):
        raise ValidationError(_("This duty does not exist in this kind of organization."), code="duty")
    return [duty.value for duty in allowed if duty in duties]
