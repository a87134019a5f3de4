from django.urls import path

from talex.participants.credentials.views import cases, inviting, queue, registering

app_name = "credentials"

_HERE = "e/<slug:edition>/"
_CASE = f"{_HERE}verification/<uuid:case>/"

urlpatterns = [
    path(f"{_HERE}register-organisation/save/", registering.save, name="save"),
    path(f"{_HERE}register-organisation/known/", registering.known, name="known"),
    path(f"{_HERE}register-organisation/<slug:step>/", registering.register, name="register"),
    path(f"{_HERE}requests-to-act/", registering.requests, name="requests"),
    path(f"{_HERE}requests-to-act/<uuid:request_id>/", registering.answer, name="answer"),
    path(
        f"{_HERE}organisations/<uuid:organisation>/invitations/",
        inviting.invitations,
        name="invitations",
    ),
    path(f"{_HERE}invitations/<uuid:invitation>/revoke/", inviting.revoke, name="revoke"),
    path(f"{_HERE}invited/<slug:token>/", inviting.invited, name="invited"),
    path(f"{_HERE}verification/", cases.own, name="own"),
    path(f"{_HERE}verification/open/", cases.open_own, name="open"),
    path(f"{_HERE}verification/queue/", queue.queue, name="queue"),
    path(f"{_HERE}verification/queue/decide/", queue.decide_many, name="decide_many"),
    path(_CASE, cases.page, name="case"),
    path(f"{_CASE}papers/", cases.add, name="add"),
    path(f"{_CASE}papers/<uuid:paper>/remove/", cases.remove, name="remove"),
    path(f"{_CASE}number/", cases.number, name="number"),
    path(f"{_CASE}submit/", cases.submit, name="submit"),
    path(f"{_CASE}claim/", queue.claim, name="claim"),
    path(f"{_CASE}decide/", queue.decide, name="decide"),
    path(f"{_CASE}let-in/", queue.let_in, name="let_in"),
    path(f"{_CASE}refuse/", queue.refuse, name="refuse"),
    path(f"{_CASE}take-up/", queue.take_up, name="take_up"),
]
