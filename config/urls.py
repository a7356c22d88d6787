"""Where every address leads."""

from django.urls import include, path

urlpatterns = [
    path("", include("desk.urls")),
    path("", include("screening.urls")),
    path("", include("referrals.urls")),
    path("", include("guidance.urls")),
    path("", include("accounts.urls")),
    path("account/", include("allauth.account.urls")),
]
