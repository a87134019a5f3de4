"""Addresses of this room, all below an edition."""

from django.urls import path, register_converter

from talex.participants.registering.views import checking, files, own, steps


class KindConverter:
    """As what somebody registers."""

    regex = "talent|owner"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class StepConverter(KindConverter):
    """A page of a registration."""

    regex = "who|education|experience|skills|wishes|hours|consents|project"


register_converter(KindConverter, "registration_kind")
register_converter(StepConverter, "registration_step")

app_name = "registering"
R = "e/<slug:edition>/register/"
K = f"{R}<registration_kind:kind>/"

urlpatterns = [
    path(R, steps.start, name="start"),
    path(K, steps.begin, name="begin"),
    path(f"{K}file/", files.upload, name="file"),
    path(f"{K}file/check/", files.check, name="found"),
    path(f"{K}check/", checking.check, name="check"),
    path(f"{K}discard/", steps.discard, name="discard"),
    path(f"{K}aside/", steps.aside, name="aside"),
    path(f"{K}<registration_step:step>/", steps.step, name="step"),
    path(f"{K}<registration_step:step>/save/", steps.save, name="save"),
    path("e/<slug:edition>/project/", own.project, name="project"),
    path("e/<slug:edition>/project/data/", own.data, name="project_data"),
    path("e/<slug:edition>/project/erase/", own.erase, name="project_erase"),
]
