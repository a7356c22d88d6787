"""Addresses of the handout, the therapist's primer and the evidence behind both."""

from django.urls import path

from guidance import views

app_name = "guidance"

urlpatterns = [
    path("guidance/", views.home, name="home"),
    path("guidance/handout/", views.handout, name="handout"),
    path("guidance/primer/", views.primer, name="primer"),
    path("guidance/evidence/", views.evidence, name="evidence"),
]
