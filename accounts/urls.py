"""Addresses of people and organizations, one's own details, and sign-in.

Of allauth only what is named here is reachable: nobody signs up or manages e-mail addresses.
"""

from allauth.account import views as sign_in
from django.urls import include, path, re_path

from accounts.views import joining, organizations, own, passwords, persons
from accounts.views import security as own_security

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
    path("persons/<uuid:pk>/disable/", persons.disable_user, name="disable_user"),
    path("persons/<uuid:pk>/enable/", persons.enable_user, name="enable_user"),
]

profile = [
    path("", own.show, name="show"),
    path("edit/", own.edit, name="edit"),
]

security = [
    path("again/", own_security.prove_again, name="again"),
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

urlpatterns = [
    path("people/", include((people, "people"))),
    path("account/profile/", include((profile, "profile"))),
    path("account/", include((security, "security"))),
    path("account/", include(account)),
]
