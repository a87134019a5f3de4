from django.urls import path

from talex.fair.views import coverage, office, openings, outcomes, sides

app_name = "fair"

urlpatterns = [
    path("e/<slug:edition>/openings/", openings.opening_list, name="openings"),
    path("e/<slug:edition>/openings/all/", openings.browse, name="browse"),
    path("e/<slug:edition>/openings/new/", openings.new, name="new"),
    path("e/<slug:edition>/openings/<uuid:pk>/", openings.detail, name="opening"),
    path("e/<slug:edition>/openings/<uuid:pk>/edit/", openings.edit, name="edit"),
    path("e/<slug:edition>/openings/<uuid:pk>/ask/", openings.ask, name="ask"),
    path("e/<slug:edition>/openings/<uuid:pk>/hide/", openings.hide, name="hide"),
    path("e/<slug:edition>/for-you/", sides.for_you, name="for_you"),
    path("e/<slug:edition>/candidates/", sides.candidates, name="candidates"),
    path("e/<slug:edition>/candidates/<uuid:pk>/invite/", sides.invite, name="invite"),
    path("e/<slug:edition>/requests/", sides.inbox, name="requests"),
    path("e/<slug:edition>/requests/<uuid:pk>/answer/", sides.answer, name="answer"),
    path("e/<slug:edition>/requests/<uuid:pk>/withdraw/", sides.withdraw, name="withdraw"),
    path("e/<slug:edition>/matches/", office.match_list, name="matches"),
    path("e/<slug:edition>/matches/run/", office.run, name="run"),
    path("e/<slug:edition>/matches/progress/", office.progress, name="progress"),
    path("e/<slug:edition>/matches/stop/<uuid:pk>/", office.stop, name="stop"),
    path("e/<slug:edition>/matches/approve/", office.approve, name="approve"),
    path("e/<slug:edition>/matches/<uuid:pk>/", sides.match_page, name="match"),
    path("e/<slug:edition>/matches/<uuid:pk>/decide/", office.decide, name="decide"),
    path("e/<slug:edition>/coverage/", coverage.overview, name="coverage"),
    path("e/<slug:edition>/coverage/talents/", coverage.talents, name="coverage_talents"),
    path("e/<slug:edition>/coverage/openings/", coverage.openings, name="coverage_openings"),
    path(
        "e/<slug:edition>/coverage/openings/<uuid:pk>/", coverage.opening, name="coverage_opening"
    ),
    path(
        "e/<slug:edition>/coverage/openings/<uuid:pk>/<slug:term>/",
        coverage.excluded,
        name="coverage_excluded",
    ),
    path(
        "e/<slug:edition>/meetings/<uuid:pk>/say/<slug:side>/<slug:kind>/",
        outcomes.say,
        name="say",
    ),
    path("e/<slug:edition>/meetings/<uuid:pk>/reached/", outcomes.record, name="record"),
    path("e/<slug:edition>/meetings/<uuid:pk>/take-back/", outcomes.take_back, name="take_back"),
]
