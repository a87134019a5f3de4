"""What the addresses of consents are filled with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.scene import Scene


def _consent(scene: Scene) -> Any:
    """A consent of the talent, made when the first address asks for it."""
    from talex.editions.models import Consent

    found, _made = Consent.objects.get_or_create(
        edition=scene.edition, person=scene.things["talent_person"].pk, purpose="press",
        defaults={"wording": "1"},
    )  # fmt: skip
    return found.pk


VALUES: dict[str, Callable[[Scene], Any]] = {
    "consent": _consent,
    "purpose": lambda scene: "profile",
}

SENT: dict[tuple[str, str], Callable[[Scene], dict[str, Any]]] = {
    ("/api/editions/{slug}/talents/{talent}/consents/abroad", "PUT"): lambda s: {"agreed": True},
}
