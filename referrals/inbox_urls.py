"""Addresses of the provider's inbox."""

from django.urls import path

from referrals.views import inbox

app_name = "inbox"

urlpatterns = [
    path("", inbox.list_inbox, name="list"),
    path("<uuid:pk>/", inbox.show, name="show"),
    path("<uuid:pk>/open/", inbox.open_packet, name="open"),
]
