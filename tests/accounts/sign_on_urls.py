"""The product's addresses, with those of single sign-on, which are there only where it is configured."""

from django.urls import include, path

from accounts.urls import single_sign_on

urlpatterns = [
    path("account/", include((single_sign_on, "single_sign_on"))),
    path("", include("config.urls")),
]
handler400 = "config.errors.bad_request"
handler403 = "config.errors.refused"
handler404 = "config.errors.missing"
handler500 = "config.errors.broken"
