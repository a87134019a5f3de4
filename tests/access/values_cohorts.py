"""Values of cohorts, of belonging and of campaign links (see `values.py`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from talex.core.translated import TranslatedText
from tests.access.scene import Scene

COHORT = "/api/editions/{slug}/cohorts"
BELONGING = "/api/editions/{slug}/belonging"
REACH = "/api/editions/{slug}/reach"


def _made(scene: Scene, name: str, make: Callable[[], Any]) -> Any:
    """A thing of the scene, made when it is first asked for."""
    if name not in scene.things:
        scene.things[name] = make()
    return scene.things[name]


def _cohort(scene: Scene) -> Any:
    """Of the delegate's organisation, in which the talent is."""
    from talex.participants.cohorts.models import Cohort, Member

    def make() -> Any:
        cohort = Cohort.objects.create(
            edition=scene.edition,
            organisation=scene.things["organisation"],
            name=TranslatedText.of("Class of 2027"),
            year=2027,
            closes_at=timezone.now() + timedelta(days=30),
        )
        scene.things["member"] = Member.objects.create(cohort=cohort, talent=scene.things["talent"])
        return cohort

    return _made(scene, "cohort", make)


def _member(scene: Scene) -> Any:
    _cohort(scene)
    return scene.things["member"]


def _roll(scene: Scene) -> Any:
    from talex.participants.cohorts.models import RollDraft

    cohort = _cohort(scene)
    return _made(scene, "roll", lambda: RollDraft.objects.create(cohort=cohort, sha256="0" * 64))


def _belonging(scene: Scene) -> Any:
    """Somebody asks to belong to the delegate's organisation."""
    from talex.participants.belonging.models import Belonging
    from talex.participants.models import Organisation, Participation

    def make() -> Any:
        child = Organisation.objects.create(name=TranslatedText.of("Sub"), name_line="Sub")
        Participation.objects.create(organisation=child, edition=scene.edition)
        return Belonging.objects.create(
            edition=scene.edition, child=child, parent=scene.things["organisation"]
        )

    return _made(scene, "belonging", make)


def _link(scene: Scene) -> Any:
    from talex.participants.reach.models import Link

    return _made(
        scene,
        "campaign",
        lambda: Link.objects.create(edition=scene.edition, name="Poster", channel="poster"),
    )


VALUES: dict[str, Callable[[Scene], Any]] = {
    "cohort": lambda s: _cohort(s).pk,
    "member": lambda s: _member(s).pk,
    "cohorts:join code": lambda s: _cohort(s).code,
    "cohorts:invited token": lambda s: "unknown",
    "cohorts:check draft": lambda s: _roll(s).pk,
    f"{COHORT}/{{cohort}}/lists/{{draft}} draft": lambda s: _roll(s).pk,
    f"{COHORT}/{{cohort}}/lists/{{draft}}/send draft": lambda s: _roll(s).pk,
    "belonging": lambda s: _belonging(s).pk,
    "link": lambda s: _link(s).pk,
    "reach:follow code": lambda s: _link(s).code,
    "reach:qr kind": lambda s: "svg",
}

SENT: dict[tuple[str, str], Callable[[Scene], dict[str, Any]]] = {
    (COHORT, "POST"): lambda s: {
        "organisation": str(s.things["organisation"].pk),
        "name": {"en": "Class"},
        "year": 2027,
        "closes_at": "2099-01-01T00:00:00Z",
    },
    (f"{COHORT}/{{cohort}}", "PATCH"): lambda s: {"year": 2028},
    (f"{COHORT}/join", "POST"): lambda s: {"code": _cohort(s).code},
    (f"{COHORT}/{{cohort}}/members/decide", "POST"): lambda s: {
        "members": [str(_member(s).pk)],
        "confirm": True,
    },
    (f"{COHORT}/mine/{{member}}", "PUT"): lambda s: {"agree": True},
    (BELONGING, "POST"): lambda s: {
        "child": str(_belonging(s).child_id),
        "parent": str(s.things["organisation"].pk),
    },
    (f"{BELONGING}/{{belonging}}/answer", "POST"): lambda s: {"confirm": False, "reason": "No."},
    (f"{BELONGING}/end", "POST"): lambda s: {"child": str(_belonging(s).child_id), "reason": "No."},
    (REACH, "POST"): lambda s: {"name": "Poster", "channel": "poster", "target": "home"},
    ("cohorts:code", "POST"): lambda s: {"code": _cohort(s).code},
    ("cohorts:change", "POST"): lambda s: {"act": "agree"},
    ("cohorts:refuse", "POST"): lambda s: {"why": "unknown"},
}
