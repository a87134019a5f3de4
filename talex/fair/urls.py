from django.urls import path

from talex.fair.views import (
    asking,
    beside,
    coverage,
    office,
    openings,
    outcomes,
    proposals,
    refusals,
    sides,
)

app_name = "fair"

urlpatterns = [
    path("e/<slug:edition>/openings/", openings.opening_list, name="openings"),
    path("e/<slug:edition>/openings/all/", openings.browse, name="browse"),
    path("e/<slug:edition>/openings/new/", openings.new, name="new"),
    path("e/<slug:edition>/openings/<uuid:pk>/", openings.detail, name="opening"),
    path("e/<slug:edition>/openings/<uuid:pk>/edit/", openings.edit, name="edit"),
    path("e/<slug:edition>/openings/<uuid:pk>/ask/", openings.ask, name="ask"),
    path("e/<slug:edition>/openings/<uuid:pk>/hide/", openings.hide, name="hide"),
    path("e/<slug:edition>/for-you/", proposals.for_you, name="for_you"),
    path("e/<slug:edition>/for-you/more/", asking.fresh, name="fresh"),
    path("e/<slug:edition>/for-you/answers/", asking.answer, name="answers"),
    path(
        "e/<slug:edition>/openings/<uuid:pk>/questions/",
        asking.of_opening,
        name="opening_questions",
    ),
    path("e/<slug:edition>/candidates/", proposals.candidates, name="candidates"),
    path("e/<slug:edition>/candidates/<uuid:pk>/invite/", sides.invite, name="invite"),
    path(
        "e/<slug:edition>/candidates/<uuid:pk>/refuse/",
        refusals.refuse_candidate,
        name="refuse_candidate",
    ),
    path(
        "e/<slug:edition>/candidates/<uuid:pk>/hide/",
        refusals.hide_candidate,
        name="hide_candidate",
    ),
    path("e/<slug:edition>/openings/<uuid:pk>/refuse/", refusals.refuse, name="refuse"),
    path("e/<slug:edition>/openings/<uuid:pk>/beside/", beside.opening_page, name="beside"),
    path("e/<slug:edition>/requests/<uuid:pk>/beside/", beside.request_page, name="request"),
    path("e/<slug:edition>/not-for-me/", refusals.refused, name="refused"),
    path("e/<slug:edition>/not-for-me/reasons/", refusals.reasons_page, name="refusal_counts"),
    path(
        "e/<slug:edition>/not-for-me/<uuid:pk>/take-back/",
        refusals.take_back,
        name="refusal_back",
    ),
    path("e/<slug:edition>/not-for-me/<uuid:pk>/show/", refusals.show_candidate, name="show_again"),
    path("e/<slug:edition>/requests/", sides.inbox, name="requests"),
    path("e/<slug:edition>/requests/<uuid:pk>/answer/", sides.answer, name="answer"),
    path("e/<slug:edition>/requests/<uuid:pk>/withdraw/", sides.withdraw, name="withdraw"),
    path("e/<slug:edition>/matches/", office.match_list, name="matches"),
    path("e/<slug:edition>/matches/run/", office.run, name="run"),
    path("e/<slug:edition>/matches/progress/", office.progress, name="progress"),
    path("e/<slug:edition>/matches/stop/<uuid:pk>/", office.stop, name="stop"),
    path("e/<slug:edition>/matches/approve/", office.approve, name="approve"),
    path("e/<slug:edition>/matches/<uuid:pk>/", beside.match_page, name="match"),
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
