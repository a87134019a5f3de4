"""What the addresses of webhooks are filled with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.scene import Scene

BASE = "/api/editions/{slug}/webhooks"
GIVEN = {"url": "https://93.184.215.14/hook", "events": ["editions.consent_withdrawn"]}


def _endpoint(scene: Scene) -> Any:
    from talex.messages.webhooks.models import Endpoint

    if "webhook" not in scene.things:
        scene.things["webhook"] = Endpoint.objects.create(
            edition=scene.edition,
            url="https://93.184.215.14/there",
            events=["editions.consent_withdrawn"],
            secret="whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw==",
        )
    return scene.things["webhook"]


def _delivery(scene: Scene) -> Any:
    from talex.messages.webhooks.models import Delivery

    if "delivery" not in scene.things:
        scene.things["delivery"] = Delivery.objects.create(
            endpoint=_endpoint(scene), event="webhooks.test", body="{}", state="failed"
        )
    return scene.things["delivery"]


VALUES: dict[str, Callable[[Scene], Any]] = {
    "endpoint": lambda s: _endpoint(s).pk,
    "delivery": lambda s: _delivery(s).pk,
}

SENT: dict[tuple[str, str], Callable[[Scene], dict[str, Any]]] = {
    (BASE, "POST"): lambda s: dict(GIVEN),
    (f"{BASE}/{{endpoint}}", "PUT"): lambda s: dict(GIVEN),
    (f"{BASE}/{{endpoint}}/switch", "POST"): lambda s: {"on": True},
    ("webhooks:change", "POST"): lambda s: {"act": "test"},
}
