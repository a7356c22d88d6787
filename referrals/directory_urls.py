"""Addresses of the directory."""

from django.urls import path

from referrals.views import directory

app_name = "directory"

urlpatterns = [
    path("", directory.list_directory, name="list"),
    path("own/", directory.edit, name="edit"),
    path("<uuid:pk>/", directory.show, name="show"),
]
