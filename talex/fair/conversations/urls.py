from django.urls import path

from talex.fair.conversations.views import cases, threads

app_name = "conversations"

urlpatterns = [
    path("e/<slug:edition>/conversations/", threads.conversation_list, name="list"),
    path(
        "e/<slug:edition>/conversations/<uuid:talent>/<uuid:opening>/",
        threads.thread,
        name="thread",
    ),
    path(
        "e/<slug:edition>/conversations/<uuid:talent>/<uuid:opening>/block/",
        threads.block,
        name="block",
    ),
    path("e/<slug:edition>/abuse/report/<slug:kind>/<uuid:pk>/", cases.report, name="report"),
    path("e/<slug:edition>/cases/", cases.cases, name="cases"),
    path("e/<slug:edition>/cases/<uuid:pk>/appeal/", cases.appeal, name="appeal"),
    path("e/<slug:edition>/abuse/", cases.queue, name="reports"),
    path("e/<slug:edition>/abuse/<uuid:pk>/", cases.case, name="case"),
    path("e/<slug:edition>/abuse/<uuid:pk>/claim/", cases.claim, name="claim"),
]
