"""What an address is filled with, and what is sent to it. A room adds its lines here.

A value is found by "<url name or API path> <parameter>", else by the parameter alone, else it is an
id of nothing: then whoever may see it reads 404, which tells less than an object would. What is
sent must be good enough to reach the rule: an answer 422 to somebody who may not do it hides a
hole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from tests.access import (
    values_campaigns,
    values_cohorts,
    values_collecting,
    values_credentials,
    values_log,
    values_messages,
    values_privacy,
    values_webhooks,
)
from tests.access.scene import Scene
from tests.access.walk import Address

NOWHERE = UUID("00000000-0000-4000-8000-000000000000")
CONVERSATION = "/api/editions/{slug}/conversations/{talent}/{opening}"
MEETING = "/api/editions/{slug}/meetings/{pk}"
TIMETABLE = "/api/editions/{slug}/timetable"
LATER = "2027-05-12T13:00:00+08:00"


def _thing(name: str) -> Callable[[Scene], Any]:
    return lambda scene: scene.things[name].pk


def _feed(scene: Scene) -> str:
    from talex.meetings.calendars import feed_token

    return feed_token(scene.edition, scene.things["talent_person"].pk)


def _link(scene: Scene) -> str:
    from django.core import signing

    from talex.editions.sign_in_links import SALT

    told = {"user": str(NOWHERE), "edition": str(scene.edition.pk), "lasts": 60}
    return signing.dumps(told, salt=SALT, compress=True)


def _alerts(scene: Scene) -> str:
    from talex.fair.mails import unsubscribe_token

    return unsubscribe_token(NOWHERE, scene.edition.pk)


def _listed(scene: Scene) -> dict[str, Any]:
    return {
        "opening": str(scene.things["second_opening"].pk),
        "talent": str(scene.things["talent"].pk),
    }


def _limits(scene: Scene) -> dict[str, Any]:
    return {
        "open_per_talent": 5,
        "open_per_opening": 5,
        "open_per_organisation": 5,
        "answer_hours": 48,
        "reminder_hours": 12,
    }


def _opening(scene: Scene) -> dict[str, Any]:
    return {"organisation": str(scene.things["organisation"].pk), "title": {"en": "Engineer"}}


VALUES: dict[str, Callable[[Scene], Any]] = {
    # of the site
    "edition": lambda scene: scene.edition.slug,
    "slug": lambda scene: scene.edition.slug,
    "which": lambda scene: "logo",
    "grant": _thing("grant"),
    "invitation": _thing("invitation"),
    "token": _thing("token"),
    "fair:unsubscribe token": _alerts,
    "editions:rehearsal_sign_in token": _link,
    "editions:invitation token": lambda scene: "token-of-the-scene",
    # allauth: what only a mail carries
    "key": lambda scene: "unknown",
    "uidb36": lambda scene: "1",
    "mfa_remove_webauthn pk": lambda scene: 1,
    "mfa_edit_webauthn pk": lambda scene: 1,
    "provider_id": lambda scene: "unknown",
    # participants
    "talent": _thing("talent"),
    "person": _thing("talent_person"),
    "delegate": _thing("delegate"),
    "case": _thing("credential_case"),
    "credentials:register step": lambda scene: "name",
    "organisation": _thing("organisation"),
    "participation": _thing("participation"),
    # registering: the visitor has a draft
    **{
        f"registering:{name} kind": lambda scene: "talent"
        for name in ("begin", "file", "found", "check", "discard", "aside", "step", "save")
    },
    **{
        f"/api/editions/{{slug}}/registration/{{kind}}{path} kind": lambda scene: "talent"
        for path in ("", "/file", "/file/keep", "/send")
    },
    "step": lambda scene: "who",
    # the fair
    **{
        f"fair:{name} pk": _thing("opening")
        for name in ("opening", "edit", "ask", "hide", "refuse", "beside", "opening_questions")
    },
    **{f"fair:coverage_{name} pk": _thing("opening") for name in ("opening", "excluded")},
    "fair:term pk": _thing("term"),
    "/api/editions/{slug}/terms/{pk} pk": _thing("term"),
    "fair:terms_export kind": lambda scene: "csv",
    "fair:coverage_excluded term": lambda scene: "degree",
    **{f"fair:{name} pk": _thing("interest") for name in ("answer", "withdraw", "request")},
    **{
        f"fair:{name} pk": _thing("match")
        for name in ("match", "decide", "approve", "refuse_candidate", "hide_candidate")
    },
    **{f"fair:{name} pk": _thing("meeting") for name in ("record", "say", "take_back", "outcome")},
    "fair:invite pk": _thing("talent"),
    **{
        f"{name} {key}": _thing(thing)
        for name in ("conversations:thread", "conversations:block", CONVERSATION)
        for key, thing in (("talent", "talent"), ("opening", "opening"))
    },
    "conversations:report kind": lambda scene: "opening",
    "conversations:report pk": _thing("opening"),
    **{f"conversations:{name} pk": _thing("case") for name in ("appeal", "case", "claim")},
    "/api/editions/{slug}/cases/{pk}/appeal pk": _thing("case"),
    **{
        f"/api/editions/{{slug}}/abuse-reports/{{pk}}{end} pk": _thing("case")
        for end in ("", "/claim", "/decide", "/appeal")
    },
    **{
        f"fair:{name} {key}": _thing(thing)
        for name in ("shortlist", "unlist", "invite_talent", "decline_arranged")
        for key, thing in (("pk", "second_opening"), ("talent", "talent"))
    },
    "/api/editions/{slug}/openings/{pk} pk": _thing("opening"),
    "/api/editions/{slug}/openings/{pk}/questions pk": _thing("opening"),
    "/api/editions/{slug}/openings/{pk}/beside pk": _thing("opening"),
    "/api/editions/{slug}/matches/{pk}/beside pk": _thing("match"),
    "/api/editions/{slug}/interests/{pk}/beside pk": _thing("interest"),
    "/api/editions/{slug}/interests/{pk}/answer pk": _thing("interest"),
    "/api/editions/{slug}/interests/{pk}/withdraw pk": _thing("interest"),
    # jobs
    "job": lambda scene: NOWHERE,
    "job_id": lambda scene: NOWHERE,
    # programme and meetings
    "programme:activity pk": _thing("activity"),
    "programme:hall pk": _thing("hall"),
    "programme:hall_close pk": _thing("hall"),
    "/api/editions/{slug}/halls/{pk} pk": _thing("hall"),
    "/api/editions/{slug}/halls/{pk}/close pk": _thing("hall"),
    "/api/editions/{slug}/activities/{pk} pk": _thing("activity"),
    "day": lambda scene: "2027-05-12",
    "meetings:meeting pk": _thing("meeting"),
    "meetings:move pk": _thing("meeting"),
    "meetings:cancel pk": _thing("meeting"),
    "meetings:outcome pk": _thing("met"),
    "meetings:lock pk": _thing("meeting"),
    **{f"meetings:{name} pk": _thing("request") for name in ("plan", "costs", "take_out")},
    **{f"meetings:{name} pk": _thing("proposal") for name in ("answer", "unpropose")},
    "meetings:propose pk": _thing("meeting"),
    "meetings:absence_end pk": _thing("absence"),
    "meetings:repair kind": lambda scene: "no_show",
    "revision": lambda scene: 1,
    **{
        f"{TIMETABLE}/plan/{{pk}}{act} pk": _thing("request")
        for act in ("", "/preview", "/lock", "/out")
    },
    f"{TIMETABLE}/absences/{{pk}}/end pk": _thing("absence"),
    **{
        f"/api/editions/{{slug}}/proposals/{{pk}}/{act} pk": _thing("proposal")
        for act in ("answer", "withdraw")
    },
    f"{MEETING}/proposals pk": _thing("meeting"),
    "meetings:agenda_of pk": _thing("talent_person"),
    "meetings:calendar_of pk": _thing("talent_person"),
    "kind": lambda scene: "person",
    "fair:say side": lambda scene: "employer",
    "fair:say kind": lambda scene: "intent",
    "number": lambda scene: 1,
    "language": lambda scene: "en",
    "figure": lambda scene: "registered",
    "meetings:feed token": _feed,
    **{
        f"{MEETING}{act} pk": _thing("meeting")
        for act in ("", "/places", "/move", "/cancel", "/lock", "/rungs", "/say")
    },
    f"{MEETING}/outcome pk": _thing("met"),
}

HALL = {"code": "b", "name": {"en": "Hall B"}, "tables": 2}
ACTIVITY = {
    "title": {"en": "Talk"},
    "kind": "other",
    "starts_at": "2027-05-12T09:00:00+08:00",
    "ends_at": "2027-05-12T10:00:00+08:00",
}
TIMES = {
    "time_zone": "Europe/Berlin",
    "windows": [{"date": "2027-05-12", "start": "09:00", "end": "12:00"}],
}
DAY = {"opens": "09:00", "closes": "17:00"}

# (address, method) -> what is sent: a form's fields, or the JSON of a call.
SENT: dict[tuple[str, str], Callable[[Scene], dict[str, Any]]] = {
    ("editions:set_state", "POST"): lambda s: {"state": "running"},
    ("registering:step", "POST"): lambda s: {"names": "Vera Visitor"},
    ("registering:aside", "POST"): lambda s: {"at": "0", "take": "1"},
    ("/api/editions/{slug}/registration/{kind}", "PATCH"): lambda s: {"values": {"region": "Bonn"}},
    ("/api/editions/{slug}/registration/{kind}/file/keep", "POST"): lambda s: {"values": {}},
    ("ui:language", "POST"): lambda s: {"language": "de", "next": "/"},
    ("/api/me", "PATCH"): lambda s: {"name": "New"},
    ("/api/me/tokens", "POST"): lambda s: {"name": "script"},
    ("/api/users", "POST"): lambda s: {"email": "made@example.org"},
    ("/api/editions", "POST"): lambda s: {
        "slug": "made",
        "name": {"en": "Made"},
        "starts_on": "2028-01-01",
        "ends_on": "2028-01-02",
    },
    **{
        (f"/api/editions/{{slug}}/terms{path}", method): lambda s: {
            "kind": "skill",
            "labels": {"en": ["Blimp mooring"]},
        }
        for path, method in (("", "POST"), ("/{pk}", "PUT"))
    },
    ("/api/matching/model", "PUT"): lambda s: {"kind": "default"},
    ("/api/editions/{slug}/terms/suggestions/dismiss", "POST"): lambda s: {"key": "blimp"},
    ("fair:term_new", "POST"): lambda s: {"kind": "skill", "label_en": ["Blimp mooring"]},
    ("fair:term", "POST"): lambda s: {"kind": "skill", "label_en": ["Blimp mooring"]},
    ("fair:term_dismiss", "POST"): lambda s: {"key": "blimp"},
    ("/api/editions/{slug}", "PATCH"): lambda s: {"tagline": {"en": "New"}},
    ("/api/editions/{slug}/state", "POST"): lambda s: {"state": "running"},
    ("/api/editions/{slug}/roles", "POST"): lambda s: {"email": "x@example.org", "role": "press"},
    ("/api/editions/{slug}/halls", "POST"): lambda s: HALL,
    ("/api/editions/{slug}/halls/{pk}", "PUT"): lambda s: HALL,
    ("/api/editions/{slug}/activities", "POST"): lambda s: ACTIVITY,
    ("/api/editions/{slug}/activities/{pk}", "PUT"): lambda s: ACTIVITY,
    ("/api/editions/{slug}/days/{day}", "PUT"): lambda s: DAY,
    ("/api/editions/{slug}/bulletins/{number}/withdraw", "POST"): lambda s: {
        "reason": {"en": "wrong"}
    },
    (f"{MEETING}/move", "POST"): lambda s: {
        "starts_at": "2027-05-12T13:00:00+08:00",
        "sequence": 0,
        "table": str(s.things["table"].pk),
    },
    (f"{MEETING}/cancel", "POST"): lambda s: {"sequence": 0, "reason": "ill"},
    (f"{MEETING}/outcome", "POST"): lambda s: {"status": "held"},
    (f"{MEETING}/lock", "POST"): lambda s: {"locked": True},
    ("/api/editions/{slug}/meetings", "POST"): lambda s: {
        "request": str(s.things["request"].pk),
        "starts_at": "2027-05-12T13:00:00+08:00",
    },
    (f"{MEETING}/say", "POST"): lambda s: {"side": "employer", "yes": True},
    (f"{MEETING}/rungs", "POST"): lambda s: {"rung": "interviewed"},
    ("/api/editions/{slug}/openings", "POST"): _opening,
    ("/api/editions/{slug}/openings/{pk}", "PUT"): _opening,
    ("/api/editions/{slug}/openings/state", "POST"): lambda s: {
        "ids": [str(s.things["opening"].pk)],
        "state": "closed",
    },
    ("/api/editions/{slug}/refusals", "POST"): lambda s: {
        "opening": str(s.things["second_opening"].pk),
        "reason": "pay",
    },
    ("/api/editions/{slug}/hidden", "POST"): lambda s: {
        "opening": str(s.things["second_opening"].pk)
    },
    ("/api/editions/{slug}/searches", "POST"): lambda s: {
        "name": "Mine",
        "wanted": {"q": "engineer"},
    },
    ("/api/editions/{slug}/searches/{pk}", "PATCH"): lambda s: {"paused": True},
    ("/api/editions/{slug}/questions", "POST"): lambda s: {"wished_regions": ["Berlin"]},
    ("fair:answers", "POST"): lambda s: {"parts": "region", "wished_regions": "Berlin"},
    ("fair:search_save", "POST"): lambda s: {"name": "Mine"},
    ("fair:refuse", "POST"): lambda s: {"reason": "place"},
    ("fair:refuse_candidate", "POST"): lambda s: {"reason": "level"},
    ("conversations:thread", "POST"): lambda s: {"body": "Hello"},
    (CONVERSATION, "POST"): lambda s: {"body": "Hello"},
    ("conversations:report", "POST"): lambda s: {"reason": "fake"},
    ("/api/editions/{slug}/abuse-reports", "POST"): lambda s: {
        "kind": "opening",
        "target": str(s.things["second_opening"].pk),
        "reason": "fake",
    },
    ("conversations:appeal", "POST"): lambda s: {"words": "No."},
    ("/api/editions/{slug}/cases/{pk}/appeal", "POST"): lambda s: {"words": "No."},
    ("conversations:case", "POST"): lambda s: {"decision": "warn", "words": "So."},
    ("/api/editions/{slug}/abuse-reports/{pk}/decide", "POST"): lambda s: {
        "decision": "warn",
        "words": "So.",
    },
    ("/api/editions/{slug}/abuse-reports/{pk}/appeal", "POST"): lambda s: {
        "upheld": True,
        "words": "So.",
    },
    ("fair:shortlist", "POST"): lambda s: {"told": "no"},
    ("fair:limits", "POST"): _limits,
    ("/api/editions/{slug}/request-limits", "PUT"): _limits,
    ("/api/editions/{slug}/shortlist", "POST"): _listed,
    ("/api/editions/{slug}/shortlist/off", "POST"): _listed,
    ("/api/editions/{slug}/applications/decline-arranged", "POST"): _listed,
    ("/api/editions/{slug}/blocks", "POST"): lambda s: {
        "talent": str(s.things["talent"].pk),
        "organisation": str(s.things["organisation"].pk),
        "side": "talent",
    },
    ("/api/editions/{slug}/interests/ask", "POST"): lambda s: {
        "opening": str(s.things["second_opening"].pk)
    },
    ("/api/editions/{slug}/interests/invite", "POST"): lambda s: {
        "opening": str(s.things["second_opening"].pk),
        "talent": str(s.things["talent"].pk),
    },
    ("/api/editions/{slug}/interests/{pk}/answer", "POST"): lambda s: {"accept": True},
    ("/api/editions/{slug}/talents/{talent}/availability", "PUT"): lambda s: TIMES,
    ("/api/editions/{slug}/delegates/{delegate}/availability", "PUT"): lambda s: TIMES,
    ("credentials:register", "POST"): lambda s: {"name__en": "Works", "kind": "enterprise"},
    ("/api/editions/{slug}/verification/decide", "POST"): lambda s: {
        "cases": [str(s.things["credential_case"].pk)],
        "seen": {str(s.things["credential_case"].pk): "0" * 32},
        "accept": True,
    },
    ("/api/editions/{slug}/delegates/{delegate}/role", "PUT"): lambda s: {"role": "recruiter"},
    ("/api/editions/{slug}/talents/{talent}/shares/{organisation}", "PUT"): lambda s: {
        "purposes": ["profile"]
    },
    ("/api/editions/{slug}/talents/{talent}/consents", "PUT"): lambda s: {"purposes": ["press"]},
    (f"{MEETING}/proposals", "POST"): lambda s: {"starts_at": LATER, "sequence": 0},
    ("/api/editions/{slug}/proposals/{pk}/answer", "POST"): lambda s: {"accept": True},
    ("meetings:answer", "POST"): lambda s: {"accept": "1"},
    ("meetings:lock_spot", "POST"): lambda s: {"toggle": f"{s.things['request'].pk}:1"},
    ("meetings:plan", "POST"): lambda s: {
        "start": LATER,
        "table": str(s.things["table"].pk),
        "mark": "0p0",
    },
    ("meetings:repair", "POST"): lambda s: {"meeting": str(s.things["meeting"].pk), "token": ""},
    ("meetings:rules", "POST"): lambda s: {
        "strictness": "warn",
        "hold_hours": "2",
        "walk_minutes": "0",
        "notice_minutes": "30",
    },
    (f"{TIMETABLE}/rules", "PUT"): lambda s: {
        "strictness": "warn",
        "hold_minutes": 60,
        "walk_minutes": 0,
    },
    (f"{TIMETABLE}/plan/{{pk}}/preview", "POST"): lambda s: {
        "starts_at": LATER,
        "table": str(s.things["table"].pk),
    },
    (f"{TIMETABLE}/plan/{{pk}}", "POST"): lambda s: {
        "starts_at": LATER,
        "table": str(s.things["table"].pk),
        "mark": "0p0",
    },
    (f"{TIMETABLE}/plan/{{pk}}/lock", "POST"): lambda s: {"locked": True},
    (f"{TIMETABLE}/repairs/preview", "POST"): lambda s: {
        "kind": "no_show",
        "meeting": str(s.things["meeting"].pk),
    },
    (f"{TIMETABLE}/repairs", "POST"): lambda s: {
        "kind": "no_show",
        "meeting": str(s.things["meeting"].pk),
        "token": "",
    },
    ("/api/editions/{slug}/timetable", "POST"): lambda s: {"seconds": 1, "seed": 1},
    ("/api/editions/{slug}/timetable/releases", "POST"): lambda s: {"note": "first"},
}

# What is not sent well enough yet: there the table cannot tell who may from what is wrong.
# Give them something in SENT and take them out here; nothing new is added.
UNREACHED: set[tuple[str, str]] = {
    ("/api/editions/{slug}/imports", "POST"),
    ("/api/matching/esco", "POST"),  # files
    ("cohorts:join", "POST"),  # who joins must be a talent first, and is in it already
    ("/api/editions/{slug}/imports/{pk}/alike", "POST"),
    ("/api/editions/{slug}/imports/{pk}/apply", "POST"),
    ("/api/editions/{slug}/imports/{pk}/mapping", "PUT"),
    ("/api/editions/{slug}/imports/{pk}/rows/{number}", "PATCH"),
    ("/api/editions/{slug}/merges", "POST"),
    ("/api/editions/{slug}/not-same", "POST"),
    ("/api/editions/{slug}/organisations", "POST"),
    ("/api/editions/{slug}/talents/verify", "POST"),
    ("/api/editions/{slug}/talents/{talent}/evidence", "POST"),
    ("/api/editions/{slug}/talents/{talent}/evidence/{evidence}/withdraw", "POST"),
}


# A room's own file of values says what its addresses are filled with and what they are sent.
for _room in (
    values_campaigns,
    values_cohorts,
    values_collecting,
    values_credentials,
    values_log,
    values_messages,
    values_privacy,
    values_webhooks,
):
    VALUES |= _room.VALUES
    SENT |= getattr(_room, "SENT", {})


def filled(address: Address, scene: Scene) -> dict[str, Any]:
    """The parameters of an address."""
    found = {}
    for parameter in address.parameters:
        value = VALUES.get(f"{address.name} {parameter}") or VALUES.get(parameter)
        found[parameter] = NOWHERE if value is None else value(scene)
    return found


def sent(address: Address, scene: Scene) -> dict[str, Any]:
    """What is sent with a write."""
    make = SENT.get((address.name, address.method))
    return make(scene) if make is not None else {}
