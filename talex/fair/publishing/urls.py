from django.urls import path, register_converter

from talex.fair.publishing import views


class Version:
    """`latest`, or `v` and a number: the stable address of a version."""

    regex = "latest|v[1-9][0-9]{0,5}"

    def to_python(self, value: str) -> int | None:
        return None if value == "latest" else int(value[1:])

    def to_url(self, value: int | None) -> str:
        return "latest" if value is None else f"v{value}"


register_converter(Version, "list_version")

app_name = "publishing"

_HERE = "e/<slug:edition>/offers/"

urlpatterns = [
    path(_HERE, views.latest, name="latest"),
    path(f"{_HERE}publish/", views.versions, name="versions"),
    path(f"{_HERE}<list_version:number>/", views.version, name="version"),
    path(f"{_HERE}<list_version:number>/changes/", views.changes, name="changes"),
    path(f"{_HERE}<list_version:number>/openings.xlsx", views.as_xlsx, name="xlsx"),
    path(f"{_HERE}<list_version:number>/openings.jsonld", views.as_jsonld, name="jsonld"),
    path(f"{_HERE}<uuid:pk>/", views.opening, name="opening"),
]
