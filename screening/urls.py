"""Addresses of clients, screenings and questionnaires."""

from django.urls import include, path

from screening.views import clients, emergency, moving, reports, results, screenings, sections, supervision

client_urls = [
    path("", clients.list_clients, name="list"),
    path("add/", clients.add, name="add"),
    path("find/", clients.find, name="find"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("emergency/find/", emergency.find_in_emergency, name="find_in_emergency"),
    path("emergency/<uuid:pk>/end/", emergency.end_emergency_access, name="end_emergency_access"),
    path("emergency/<uuid:pk>/note/", emergency.note_emergency_access, name="note_emergency_access"),
    path("<uuid:pk>/", clients.show, name="show"),
    path("<uuid:pk>/change/", clients.change, name="change"),
    path("<uuid:pk>/emergency/", emergency.open_emergency_access, name="open_emergency_access"),
    path("<uuid:pk>/care-team/", clients.add_colleague, name="add_colleague"),
    path("<uuid:pk>/care-team/remove/", clients.remove_colleague, name="remove_colleague"),
    path("<uuid:pk>/screenings/<uuid:version>/", screenings.start, name="start_screening"),
]

screening_urls = [
    path("to-sign/", supervision.to_sign, name="to_sign"),
    path("reports/", reports.reported, name="reported"),
    path("<uuid:pk>/", screenings.show, name="show"),
    path("<uuid:pk>/sections/<slug:section>/", sections.section, name="section"),
    path("<uuid:pk>/sections/<slug:section>/autosave/", sections.autosave, name="autosave"),
    path("<uuid:pk>/move/", moving.move, name="move"),
    path("<uuid:pk>/sections/<slug:section>/report/", reports.report_question, name="report_question"),
    path("<uuid:pk>/check/", screenings.check, name="check"),
    path("<uuid:pk>/complete/", screenings.complete, name="complete"),
    path("<uuid:pk>/urgent/<slug:consideration>/", results.urgent, name="urgent"),
    path("<uuid:pk>/result/", results.result, name="result"),
    path("<uuid:pk>/result/print/", results.print_result, name="print"),
    path("<uuid:pk>/answers/", results.answers, name="answers"),
    path("<uuid:pk>/judgments/<slug:indication>/", results.judge, name="judge"),
    path("<uuid:pk>/confirm-safety/", results.confirm_safety, name="confirm_safety"),
    path("<uuid:pk>/sign/", supervision.sign, name="sign"),
    path("<uuid:pk>/amend/", screenings.amend, name="amend"),
    path("<uuid:pk>/entered-in-error/", screenings.entered_in_error, name="entered_in_error"),
]

urlpatterns = [
    path("clients/", include((client_urls, "clients"))),
    path("screenings/", include((screening_urls, "screenings"))),
    path("questionnaires/", include("screening.questionnaire_urls")),
]
