"""Addresses of people and organizations, one's own details, and sign-in.

Of allauth only what is named here is reachable: nobody signs up or manages e-mail addresses.
"""

from django.urls import include, path, re_path

from accounts.identity_providers import configured
from accounts.views import (
    emails,
    enrolling,
    joining,
    organizations,
    own,
    passwords,
    persons,
    second_step,
    sign_in,
)
from accounts.views import security as own_security
from accounts.views import sessions as own_sessions
from accounts.views import single_sign_on as sign_on

people = [
    path("", organizations.organizations, name="list"),
    path("everyone/", organizations.everyone, name="everyone"),
    path("add/", organizations.add, name="add"),
    path("organization/", own.practice_settings, name="settings"),
    path("join/<str:token>/", joining.join, name="join"),
    path("organizations/<uuid:pk>/", organizations.organization, name="organization"),
    path("organizations/<uuid:pk>/invite/", persons.invite, name="invite"),
    path("organizations/<uuid:pk>/disable/", organizations.disable_organization, name="disable_organization"),
    path("organizations/<uuid:pk>/enable/", organizations.enable_organization, name="enable_organization"),
    path("invitations/<uuid:pk>/withdraw/", persons.withdraw_invitation, name="withdraw_invitation"),
    path("persons/<uuid:pk>/", persons.person, name="person"),
    path("persons/<uuid:pk>/duties/", persons.duties, name="duties"),
    path("persons/<uuid:pk>/supervisor/", persons.supervisor, name="supervisor"),
    path("persons/<uuid:pk>/reset-second-factor/", persons.reset_second_factor, name="reset_second_factor"),
    path("persons/<uuid:pk>/disable/", persons.disable_user, name="disable_user"),
    path("persons/<uuid:pk>/enable/", persons.enable_user, name="enable_user"),
]

profile = [
    path("", own.show, name="show"),
    path("edit/", own.edit, name="edit"),
]

sessions = [
    path("session/", own_sessions.status, name="status"),
    path("session/stay/", own_sessions.stay, name="stay"),
    path("sessions/", own_sessions.show, name="show"),
    path("sessions/end-others/", own_sessions.end_others, name="end_others"),
    path("sessions/<uuid:pk>/end/", own_sessions.end, name="end"),
]

security = [
    path("security/", own_security.show, name="show"),
    path("again/", own_security.prove_again, name="again"),
    path("second-factor/", second_step.code, name="code"),
    path("second-factor/choose/", enrolling.choose, name="choose"),
    path("second-factor/app/", enrolling.add_app, name="add_app"),
    path("second-factor/passkey/", enrolling.add_passkey, name="add_passkey"),
    path("second-factor/passkey/creation/", enrolling.passkey_creation, name="passkey_creation"),
    path("second-factor/<uuid:pk>/rename/", own_security.rename_factor, name="rename_factor"),
    path("second-factor/<uuid:pk>/remove/", own_security.remove_factor, name="remove_factor"),
    path("passkey/", second_step.passkey_sign_in, name="passkey_sign_in"),
    path("passkey/request/", second_step.passkey_request, name="passkey_request"),
    path("recovery-codes/", enrolling.new_codes, name="new_codes"),
    path("recovery-codes/text/", enrolling.codes_as_text, name="codes_as_text"),
    path("recovery-codes/renew/", own_security.renew_codes, name="renew_codes"),
    path("email/", emails.change_email, name="change_email"),
    path("email/<str:token>/", emails.confirm_email, name="confirm_email"),
]

account = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("password/change/", passwords.change, name="account_change_password"),
    path("password/reset/", sign_in.password_reset, name="account_reset_password"),
    path("password/reset/done/", sign_in.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        sign_in.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]

single_sign_on = [
    path("sign-on/<slug:key>/", sign_on.start, name="start"),
    path("sign-on/<slug:key>/callback/", sign_on.callback, name="callback"),
]

urlpatterns = [
    path("people/", include((people, "people"))),
    path("account/profile/", include((profile, "profile"))),
    path("account/", include((security, "security"))),
    path("account/", include((sessions, "sessions"))),
    path("account/", include(account)),
    *([path("account/", include((single_sign_on, "single_sign_on")))] if configured() else []),
]
