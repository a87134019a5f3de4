"""Addresses of collecting and of the published list: what stands there, and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.access.scene import Scene

_API = "/api/editions/{slug}/collecting"


def prepare(scene: Scene) -> None:
    """An opening that waits for the office, and a list that was published."""
    from talex.core.actor import SYSTEM
    from talex.fair.collecting.models import Quota, Stage, Submission
    from talex.fair.publishing import services
    from tests.fair import factories

    things = scene.things
    waits = factories.opening(scene.edition, things["organisation"], "Waits", state="draft")
    things["handed_in"] = waits
    things["submission"] = Submission.objects.create(
        edition=scene.edition, opening=waits, stage=Stage.PASSED
    )
    # Somebody else's: the delegate of the scene collects for nobody.
    district = factories.organisation(scene.edition, "District")
    things["collector"] = district
    things["quota"] = Quota.objects.create(edition=scene.edition, organisation=district, openings=3)
    services.publish(SYSTEM, scene.edition, services.Publish())


def _pk(name: str) -> Callable[[Scene], Any]:
    return lambda scene: scene.things[name].pk


def _newest(scene: Scene) -> None:
    """The converter writes `latest`."""


def _ids(scene: Scene, **more: Any) -> dict[str, Any]:
    return {"ids": [str(scene.things["submission"].pk)], **more}


VALUES: dict[str, Callable[[Scene], Any]] = {
    **{
        f"collecting:{name} pk": _pk("submission")
        for name in ("submission", "pass", "approve", "take_back")
    },
    "collecting:hand_in opening": _pk("handed_in"),
    "collecting:quota_remove organisation": _pk("collector"),
    f"{_API}/submissions/{{pk}} pk": _pk("submission"),
    f"{_API}/submissions/{{pk}}/take-back pk": _pk("submission"),
    f"{_API}/openings/{{pk}}/hand-in pk": _pk("handed_in"),
    f"{_API}/quotas/{{organisation}} organisation": _pk("collector"),
    "publishing:opening pk": _pk("opening"),
    **{f"publishing:{name} number": _newest for name in ("version", "changes", "xlsx", "jsonld")},
    "/api/editions/{slug}/opening-lists/{version}/entries version": lambda scene: "latest",
}

SENT: dict[tuple[str, str], Callable[[Scene], dict[str, Any]]] = {
    ("collecting:quota", "POST"): lambda s: {
        "organisation": str(s.things["collector"].pk), "openings": 4,
    },
    ("collecting:rules", "POST"): lambda s: {"reviewed": "no"},
    (f"{_API}/pass", "POST"): _ids,
    (f"{_API}/approve", "POST"): _ids,
    (f"{_API}/return", "POST"): lambda s: _ids(s, faults=["pay"]),
    (f"{_API}/quotas/{{organisation}}", "PUT"): lambda s: {"openings": 4},
    (f"{_API}/rules", "PUT"): lambda s: {"reviewed": False},
    ("/api/editions/{slug}/opening-lists", "POST"): lambda s: {"after": 1},
}  # fmt: skip
