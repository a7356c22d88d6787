"""Every write of this package: keyword-only, atomic, the row locked first, one audit entry last."""

from accounts.actions.emails import EmailAsked, ask_to_change_email, confirm_email
from accounts.actions.erasures import ask_for_erasure, confirm_erasure, withdraw_erasure
from accounts.actions.factors import (
    add_app,
    add_passkey,
    may_reset_second_factor,
    remove_factor,
    rename_factor,
    renew_recovery_codes,
    reset_second_factor,
    spend_code,
    use_passkey,
)
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
from accounts.actions.sessions import end_all, end_other_sessions, end_session

__all__ = [
    "EmailAsked",
    "Invited",
    "accept_invitation",
    "add_app",
    "add_passkey",
    "ask_for_erasure",
    "ask_to_change_email",
    "change_own_details",
    "change_practice_settings",
    "confirm_email",
    "confirm_erasure",
    "create_organization",
    "create_user",
    "disable_organization",
    "disable_user",
    "enable_organization",
    "enable_user",
    "end_all",
    "end_other_sessions",
    "end_session",
    "invite",
    "may_reset_second_factor",
    "remove_factor",
    "rename_factor",
    "renew_recovery_codes",
    "reset_second_factor",
    "set_duties",
    "set_password",
    "set_supervisor",
    "spend_code",
    "token_hash",
    "use_passkey",
    "withdraw_erasure",
    "withdraw_invitation",
]
