"""Addresses of referrals, the provider's inbox and the directory."""

from django.urls import include, path

from referrals.views import consents, courses, drafts, moves, threads

referral_urls = [
    path("", threads.list_referrals, name="list"),
    path("from/<uuid:screening>/", drafts.choose, name="choose"),
    path("<uuid:pk>/", threads.show, name="show"),
    path("<uuid:pk>/provider/", drafts.choose_again, name="choose_again"),
    path("<uuid:pk>/consent/", consents.record, name="consent"),
    path("<uuid:pk>/consent/revoke/", consents.revoke, name="revoke"),
    path("<uuid:pk>/preview/", drafts.preview, name="preview"),
    path("<uuid:pk>/statements/", drafts.statements, name="statements"),
    path("<uuid:pk>/send/", drafts.send, name="send"),
    path("<uuid:pk>/packet/", threads.packet, name="packet"),
    path("<uuid:pk>/moves/<slug:name>/", moves.move, name="move"),
    path("<uuid:pk>/messages/", threads.message, name="message"),
    path("<uuid:pk>/course/", courses.enter, name="course"),
]

urlpatterns = [
    path("referrals/", include((referral_urls, "referrals"))),
    path("inbox/", include("referrals.inbox_urls")),
    path("directory/", include("referrals.directory_urls")),
]
