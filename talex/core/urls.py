from django.urls import path

from talex.core import views

app_name = "core"

urlpatterns = [
    path("jobs/<uuid:pk>/", views.job, name="job"),
    path("jobs/<uuid:pk>/cancel/", views.cancel_job, name="cancel_job"),
    path("jobs/<uuid:pk>/retry/", views.retry_job, name="retry_job"),
    path("uploads/<uuid:pk>/", views.upload, name="upload"),
]
