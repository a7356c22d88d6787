"""Every write of this package: keyword-only, atomic, the row locked first, one audit entry last."""

from accounts.actions.invitations import (
    Invited,
    accept_invitation,
    invite,
    token_hash,
    withdraw_invitation,
)
from accounts.actions.organizations import (
    change_practice_settings,
    create_organization,
    disable_organization,
    enable_organization,
)
from accounts.actions.people import (
    change_own_details,
    create_user,
    disable_user,
    enable_user,
    set_duties,
    set_password,
    set_supervisor,
)

__all__ = [
    "Invited",
    "accept_invitation",
    "change_own_details",
    "change_practice_settings",
    "create_organization",
    "create_user",
    "disable_organization",
    "disable_user",
    "enable_organization",
    "enable_user",
    "invite",
    "set_duties",
    "set_password",
    "set_supervisor",
    "token_hash",
    "withdraw_invitation",
]
