"""Where every address leads."""

from django.conf import settings
from django.urls import include, path

from config import public

urlpatterns = [
    path("", include("desk.urls")),
    path("", include("screening.urls")),
    path("", include("referrals.urls")),
    path("", include("guidance.urls")),
    path("", include("accounts.urls")),
    path(".well-known/security.txt", public.security_txt, name="security_txt"),
    path("robots.txt", public.robots_txt, name="robots_txt"),
    path("favicon.ico", public.favicon, name="favicon"),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("config.demo.urls")))

handler400 = "config.errors.bad_request"
handler403 = "config.errors.refused"
handler404 = "config.errors.missing"
handler500 = "config.errors.broken"
