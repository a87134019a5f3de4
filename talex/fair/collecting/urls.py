from django.urls import path

from talex.fair.collecting.views import company, managing, reviewing

app_name = "collecting"

_HERE = "e/<slug:edition>/collecting/"

urlpatterns = [
    path(_HERE, reviewing.queue, name="queue"),
    path(f"{_HERE}return/", reviewing.give_back, name="return"),
    path(f"{_HERE}mine/", company.mine, name="mine"),
    path(f"{_HERE}mine/<uuid:opening>/hand-in/", company.hand_in, name="hand_in"),
    path(f"{_HERE}companies/", managing.companies, name="companies"),
    path(f"{_HERE}quotas/", managing.quota_list, name="quotas"),
    path(f"{_HERE}quotas/set/", managing.quota, name="quota"),
    path(f"{_HERE}quotas/<uuid:organisation>/remove/", managing.remove, name="quota_remove"),
    path(f"{_HERE}rules/", managing.reviewed, name="rules"),
    path(f"{_HERE}<uuid:pk>/", reviewing.detail, name="submission"),
    path(f"{_HERE}<uuid:pk>/pass/", reviewing.pass_one, name="pass"),
    path(f"{_HERE}<uuid:pk>/approve/", reviewing.approve_one, name="approve"),
    path(f"{_HERE}<uuid:pk>/take-back/", company.take_back, name="take_back"),
]
