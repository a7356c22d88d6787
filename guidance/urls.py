"""Handouts, the therapist's primer and the evidence behind both."""

from django.urls import path

from guidance import views

app_name = "guidance"

urlpatterns = [path("guidance/", views.home, name="home")]
