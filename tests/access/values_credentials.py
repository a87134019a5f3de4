"""Values of organisations that come in by themselves, and of their papers (see `values.py`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.scene import Scene

ORGANISATION = "/api/editions/{slug}/registration/organisation"
REQUEST = "/api/editions/{slug}/requests-to-act/{join_request}/answer"
INVITATIONS = "/api/editions/{slug}/organisations/{organisation}/invitations"
VERIFICATION = "/api/editions/{slug}/verification"


def _join(scene: Scene) -> Any:
    """The visitor asks to act for the delegate's organisation."""
    from talex.participants.credentials.models import JoinRequest

    if "join_request" not in scene.things:
        scene.things["join_request"] = JoinRequest.objects.create(
            user=scene.users["visitor"],
            edition=scene.edition,
            organisation=scene.things["organisation"],
        )
    return scene.things["join_request"].pk


def _invitation(scene: Scene) -> Any:
    from django.utils import timezone

    from talex.participants.credentials.models import DelegateInvitation

    if "colleague" not in scene.things:
        scene.things["colleague"] = DelegateInvitation.objects.create(
            edition=scene.edition,
            organisation=scene.things["organisation"],
            email="colleague@example.org",
            role="recruiter",
            digest="0" * 64,
            expires_at=timezone.now(),
        )
    return scene.things["colleague"].pk


VALUES: dict[str, Callable[[Scene], Any]] = {
    f"{REQUEST} join_request": _join,
    f"{INVITATIONS}/{{invitation}} invitation": _invitation,
}

SENT: dict[tuple[str, str], Callable[[Scene], dict[str, Any]]] = {
    (ORGANISATION, "PATCH"): lambda s: {"region": "Bonn"},
    (f"{ORGANISATION}/send", "POST"): lambda s: {
        "name": {"en": "Blimp Works"},
        "kind": "enterprise",
        "country": "CN",
        "number_kind": "uscc",
        "registration_number": "91110000600037341L",
        "region": "Wuhan",
        "person": "Li Lei",
    },
    (REQUEST, "POST"): lambda s: {"accept": False, "reason": "Unknown here."},
    (INVITATIONS, "POST"): lambda s: {"email": "colleague@example.org"},
    (VERIFICATION, "POST"): lambda s: {"kind": "identity"},
    (f"{VERIFICATION}/{{case}}/refuse", "POST"): lambda s: {"reason": "fake"},
    ("credentials:refuse", "POST"): lambda s: {"reason": "fake"},
    (f"{VERIFICATION}/{{case}}/number", "PUT"): lambda s: {
        "country": "CN",
        "number_kind": "uscc",
        "registration_number": "91110000600037341L",
    },
}
