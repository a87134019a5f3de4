"""The face alone: its own pages, the page of components, and a list of the tests' own."""

from types import SimpleNamespace

from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import include, path

from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.ui import lists, urls, views

ERRORS = {
    403: NotAllowed("Ask the office."),
    404: NotFound("This talent is gone."),
    409: Conflict("The table is taken."),
    422: Invalid({"day": "No."}),
}
calls: list[tuple[str, list[int]]] = []


def note(actor: object, ids: list[int], request: HttpRequest) -> int:
    calls.append((request.POST["action"], ids))
    return len(ids)


def refuse(actor: object, ids: list[int], request: HttpRequest) -> int:
    raise Conflict("Two of them are taken.")


SPEC = lists.ListSpec(
    key="permissions",
    columns=[
        lists.Column(key="name", label="Name", sort="name"),
        lists.Column(key="code", label="Code", value="codename", sort="codename"),
        lists.Column(key="app", label="App", value="content_type.app_label"),
        lists.Column(key="pk", label="Key", sort="pk", numeric=True, shown=False),
    ],
    filters=[
        lists.ChoiceFilter(
            key="app",
            label="App",
            field="content_type__app_label",
            choices=[("auth", "Auth"), ("sessions", "Sessions")],
        ),
        lists.NumberRangeFilter(key="key", label="Key", field="pk"),
    ],
    search=("name", "codename"),
    bulk_actions=[
        lists.BulkAction(key="note", label="Note", call=note),
        lists.BulkAction(
            key="drop", label="Drop", call=note, confirm="Drop them?", lost="All their names."
        ),
        lists.BulkAction(key="never", label="Never", call=note, allowed=lambda actor: False),
        lists.BulkAction(key="refuse", label="Refuse", call=refuse),
    ],
    default_sort="name",
    page_size=5,
    page_sizes=(5, 50),
    exports=("xlsx", "csv", "json"),
)


def permissions(request: HttpRequest) -> HttpResponseBase:
    rows = Permission.objects.select_related("content_type").exclude(codename__startswith="view_")
    return lists.list_view(request, SPEC, rows, context={"heading": "Permissions"})


EDITION = SimpleNamespace(
    slug="x",
    name=TranslatedText({"zh-hans": "深圳国际人才交流大会", "en": "Shenzhen Talent Exchange 2026"}),
    is_rehearsal=True,
    time_zone="Asia/Shanghai",
)


def office(request: HttpRequest, edition: str) -> HttpResponse:
    context = {"action": {"label": "Do it"}, "question": "Sure?", "count": 2}
    return render(request, "ui/list/confirm.html", context)


def fail(request: HttpRequest, status: int) -> HttpResponse:
    raise ERRORS[status]


ui_patterns = [
    *(p for p in urls.urlpatterns if not p.name.startswith("styleguide")),
    *urls.styleguide_patterns(),
]
urlpatterns = [
    path("", include((ui_patterns, "ui"))),
    path("accounts/", include("allauth.urls")),
    path("permissions/", permissions),
    path("e/<slug:edition>/office/", office, name="office"),
    path("e/<slug:edition>/other/", office, name="other"),
    path("fail/<int:status>/", fail),
]
handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler500 = views.server_error
