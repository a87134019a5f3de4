from django.urls import path

from talex.meetings.views import agenda, day, meeting, office, plan, proposals, versions

app_name = "meetings"

urlpatterns = [
    path("e/<slug:edition>/meetings/", office.meeting_list, name="meetings"),
    path("e/<slug:edition>/meetings/requests/", office.request_list, name="requests"),
    path("e/<slug:edition>/meetings/requests/<uuid:pk>/", office.book, name="book"),
    path("e/<slug:edition>/meetings/timetable/", office.timetable_page, name="timetable"),
    path("e/<slug:edition>/meetings/timetable/job/", office.job, name="job"),
    path("e/<slug:edition>/meetings/timetable/stop/", office.stop, name="stop"),
    path("e/<slug:edition>/meetings/make/", office.make, name="make"),
    path("e/<slug:edition>/meetings/release/", versions.release, name="release"),
    path("e/<slug:edition>/meetings/draft/drop/", versions.drop, name="drop"),
    path("e/<slug:edition>/meetings/versions/", versions.version_list, name="versions"),
    path("e/<slug:edition>/meetings/versions/compare/", versions.compare, name="compare"),
    path("e/<slug:edition>/meetings/rules/", versions.rules_page, name="rules"),
    path("e/<slug:edition>/meetings/plan/lock/", plan.lock, name="lock_spot"),
    path("e/<slug:edition>/meetings/plan/undo/<int:revision>/", plan.undo, name="undo"),
    path("e/<slug:edition>/meetings/plan/<uuid:pk>/", plan.plan, name="plan"),
    path("e/<slug:edition>/meetings/plan/<uuid:pk>/costs/", plan.costs, name="costs"),
    path("e/<slug:edition>/meetings/plan/<uuid:pk>/out/", plan.take_out, name="take_out"),
    path("e/<slug:edition>/meetings/happened/", day.happened, name="happened"),
    path("e/<slug:edition>/meetings/happened/<str:kind>/", day.repair, name="repair"),
    path("e/<slug:edition>/meetings/absences/<uuid:pk>/end/", day.end, name="absence_end"),
    path("e/<slug:edition>/meetings/<uuid:pk>/", meeting.detail, name="meeting"),
    path("e/<slug:edition>/meetings/<uuid:pk>/move/", meeting.move, name="move"),
    path("e/<slug:edition>/meetings/<uuid:pk>/cancel/", meeting.cancel, name="cancel"),
    path("e/<slug:edition>/meetings/<uuid:pk>/outcome/", meeting.outcome, name="outcome"),
    path("e/<slug:edition>/meetings/<uuid:pk>/lock/", meeting.lock, name="lock"),
    path("e/<slug:edition>/meetings/<uuid:pk>/propose/", proposals.propose, name="propose"),
    path("e/<slug:edition>/proposals/<uuid:pk>/answer/", proposals.answer, name="answer"),
    path("e/<slug:edition>/proposals/<uuid:pk>/withdraw/", proposals.withdraw, name="unpropose"),
    path("e/<slug:edition>/agenda/", agenda.my_agenda, name="agenda"),
    path("e/<slug:edition>/agenda.ics", agenda.my_calendar, name="calendar"),
    path("e/<slug:edition>/agenda/<str:kind>/<uuid:pk>/", agenda.agenda_of, name="agenda_of"),
    path(
        "e/<slug:edition>/agenda/<str:kind>/<uuid:pk>.ics", agenda.calendar_of, name="calendar_of"
    ),
    path("calendar/<str:token>.ics", agenda.feed, name="feed"),
]
