"""Addresses of the site's own pages."""

from django.urls import path

from talex.web import jobs, retention, search, views
from talex.web.board import views as board

app_name = "web"

urlpatterns = [
    path("", views.home, name="home"),
    path("e/<slug:edition>/home/", views.edition_home, name="edition_home"),
    path("search/", search.site, name="search"),
    path("e/<slug:edition>/search/", search.within, name="edition_search"),
    path("e/<slug:edition>/board/", board.board, name="board"),
    path("e/<slug:edition>/jobs/", jobs.job_list, name="jobs"),
    path("e/<slug:edition>/retention/", retention.page, name="retention"),
]
