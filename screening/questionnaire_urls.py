"""Addresses of questionnaires and their versions."""

from django.urls import path

from screening.views import authoring, examples, previews, sheets

app_name = "questionnaires"

urlpatterns = [
    path("", authoring.list_questionnaires, name="list"),
    path("upload/", authoring.upload, name="upload"),
    path("sheets/<slug:digest>/", sheets.sheet_of, name="sheet_of"),
    path("<uuid:pk>/", authoring.version, name="version"),
    path("<uuid:pk>/sheet/", sheets.sheet, name="sheet"),
    path("<uuid:pk>/preview/", previews.preview, name="preview"),
    path("<uuid:pk>/save-vignette/", examples.save_vignette, name="save_vignette"),
    path("<uuid:pk>/preview/<slug:section>/", previews.preview_section, name="preview_section"),
    path("<uuid:pk>/document/", authoring.replace, name="replace"),
    path("<uuid:pk>/document.json", authoring.download, name="download"),
    path("<uuid:pk>/submit/", authoring.submit, name="submit"),
    path("<uuid:pk>/send-back/", authoring.send_back, name="send_back"),
    path("<uuid:pk>/publish/", authoring.publish, name="publish"),
    path("<uuid:pk>/retire/", authoring.retire, name="retire"),
    path("<uuid:pk>/sources/", authoring.sources, name="sources"),
    path("<uuid:pk>/sources/<slug:source>/verify/", authoring.verify_source, name="verify_source"),
]
