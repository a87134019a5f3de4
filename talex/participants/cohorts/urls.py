"""Addresses of this room, all below an edition."""

from django.urls import path

from talex.participants.cohorts.views import cohorts, joining, members, rolls

app_name = "cohorts"
_HERE = "e/<slug:edition>/"
_COHORT = f"{_HERE}cohorts/<uuid:cohort>/"

urlpatterns = [
    path(f"{_HERE}cohorts/", cohorts.index, name="list"),
    path(f"{_HERE}cohorts/new/", cohorts.new, name="new"),
    path(f"{_HERE}cohorts/mine/", joining.own, name="own"),
    path(f"{_HERE}cohorts/mine/<uuid:member>/", joining.change, name="change"),
    path(f"{_HERE}cohorts/invited/<slug:token>/", joining.invited, name="invited"),
    path(f"{_HERE}join/", joining.code, name="code"),
    path(f"{_HERE}join/<slug:code>/", joining.join, name="join"),
    path(_COHORT, cohorts.page, name="cohort"),
    path(f"{_COHORT}edit/", cohorts.edit, name="edit"),
    path(f"{_COHORT}code/", cohorts.renew, name="renew"),
    path(f"{_COHORT}close/", cohorts.close, name="close"),
    path(f"{_COHORT}members/", members.index, name="members"),
    path(f"{_COHORT}members/not-ours/", members.refuse, name="refuse"),
    path(f"{_COHORT}list/", rolls.upload, name="roll"),
    path(f"{_COHORT}list/<uuid:draft>/", rolls.check, name="check"),
]
