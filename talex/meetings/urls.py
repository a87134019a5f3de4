from django.urls import path

from talex.meetings import views

app_name = "meetings"

urlpatterns = [
    path("e/<slug:edition>/meetings/", views.meeting_list, name="meetings"),
    path("e/<slug:edition>/meetings/requests/", views.request_list, name="requests"),
    path("e/<slug:edition>/meetings/timetable/", views.timetable_page, name="timetable"),
    path("e/<slug:edition>/meetings/make/", views.make, name="make"),
    path("e/<slug:edition>/meetings/release/", views.release, name="release"),
    path("e/<slug:edition>/meetings/<uuid:pk>/", views.detail, name="meeting"),
    path("e/<slug:edition>/meetings/<uuid:pk>/move/", views.move, name="move"),
    path("e/<slug:edition>/meetings/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("e/<slug:edition>/meetings/<uuid:pk>/outcome/", views.outcome, name="outcome"),
    path("e/<slug:edition>/meetings/<uuid:pk>/lock/", views.lock, name="lock"),
    path("e/<slug:edition>/agenda/", views.my_agenda, name="agenda"),
    path("e/<slug:edition>/agenda.ics", views.my_calendar, name="calendar"),
    path("e/<slug:edition>/agenda/<str:kind>/<uuid:pk>/", views.agenda_of, name="agenda_of"),
    path("e/<slug:edition>/agenda/<str:kind>/<uuid:pk>.ics", views.calendar_of, name="calendar_of"),
    path("calendar/<str:token>.ics", views.feed, name="feed"),
]
