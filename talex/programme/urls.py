from django.urls import path

from talex.programme import views

app_name = "programme"

urlpatterns = [
    path("e/<slug:edition>/programme/", views.programme, name="programme"),
    path("e/<slug:edition>/programme/new/", views.activity, name="activity_new"),
    path("e/<slug:edition>/programme/<uuid:pk>/", views.activity, name="activity"),
    path("e/<slug:edition>/halls/", views.halls, name="halls"),
    path("e/<slug:edition>/halls/new/", views.hall, name="hall_new"),
    path("e/<slug:edition>/halls/<uuid:pk>/", views.hall, name="hall"),
    path("e/<slug:edition>/halls/<uuid:pk>/close/", views.close, name="hall_close"),
    path("e/<slug:edition>/halls/days/", views.day, name="day"),
]
