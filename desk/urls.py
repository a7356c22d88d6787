"""The pages that span screenings and referrals."""

from django.urls import path

from desk import amendments, corrections, views
from desk.hand_overs import views as hand_overs
from desk.log import views as log
from desk.records import views as records

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("clients/<uuid:pk>/timeline/", views.client_timeline, name="timeline"),
    path("clients/<uuid:pk>/who-looked/", log.who_looked, name="who_looked"),
    path("clients/<uuid:pk>/requests/", amendments.of_client, name="client_requests"),
    path("clients/<uuid:pk>/requests/records/", records.ask, name="ask_records"),
    path("clients/<uuid:pk>/requests/amend/", amendments.ask, name="ask_to_amend"),
    path("amendments/<uuid:pk>/", amendments.show, name="amendment"),
    path("amendments/<uuid:pk>/steps/<slug:name>/", amendments.follow, name="amendment_step"),
    path("screenings/corrections/", corrections.corrections, name="corrections"),
    path("screenings/corrections/<uuid:pk>/looked/", corrections.looked, name="correction_looked"),
    path("records/", records.list_requests, name="records"),
    path("records/client/", records.find_client, name="records_client"),
    path("records/<uuid:pk>/", records.show, name="records_request"),
    path("records/<uuid:pk>/extend/", records.extend, name="records_extend"),
    path("records/<uuid:pk>/answer/", records.answer, name="records_answer"),
    path("records/<uuid:pk>/document/", records.document, name="records_document"),
    path("records/<uuid:pk>/file/", records.download, name="records_file"),
    path("hand-over/", hand_overs.hand_overs, name="hand_overs"),
    path("hand-over/<uuid:pk>/", hand_overs.hand_over, name="hand_over"),
    path("hand-over/<uuid:pk>/end/", hand_overs.end_cover, name="end_cover"),
    path("log/", log.read_log, name="log"),
    path("log/client/", log.choose_client, name="log_client"),
    path("log/export/", log.export_log, name="log_export"),
]
