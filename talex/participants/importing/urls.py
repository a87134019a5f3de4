from django.urls import path

from talex.participants.importing.views import mapping, pages, preview

app_name = "importing"

_ONE = "e/<slug:edition>/imports/<uuid:pk>/"

urlpatterns = [
    path("e/<slug:edition>/imports/", pages.import_list, name="imports"),
    path("e/<slug:edition>/imports/new/", pages.new, name="new"),
    path(_ONE, pages.page, name="import"),
    path(f"{_ONE}progress/", pages.progress, name="progress"),
    path(f"{_ONE}stop/", pages.stop, name="stop"),
    path(f"{_ONE}go-on/", pages.go_on, name="go_on"),
    path(f"{_ONE}cancel/", pages.cancel, name="cancel"),
    path(f"{_ONE}apply/", pages.apply, name="apply"),
    path(f"{_ONE}columns/", mapping.set_mapping, name="mapping"),
    path(f"{_ONE}sheet/", mapping.sheet, name="sheet"),
    path(f"{_ONE}rows/<int:number>/", preview.correct, name="correct"),
    path(f"{_ONE}rows/<int:number>/decide/", preview.decide_row, name="decide_row"),
    path(f"{_ONE}decide/", preview.decide_all, name="decide_all"),
    path(f"{_ONE}alike/", preview.alike, name="alike"),
    path(f"{_ONE}alike/decide/", preview.decide_alike, name="decide_alike"),
]
