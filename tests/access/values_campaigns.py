"""What the addresses of campaigns are filled with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.access.scene import Scene

TEXTS = "/api/editions/{slug}/campaign-texts"
BASE = "/api/editions/{slug}/campaigns"
ONE = f"{BASE}/{{campaign}}"


def _template(scene: Scene) -> Any:
    from talex.core.translated import TranslatedText
    from talex.messages.campaigns.models import Template, Wording

    if "campaign_text" not in scene.things:
        made = Template.objects.create(edition=scene.edition, name="Opening")
        said = TranslatedText({"en": "Hello {name}"})
        Wording.objects.create(template=made, number=1, subject=said, text=said)
        scene.things["campaign_text"] = made
    return scene.things["campaign_text"]


def _campaign(scene: Scene) -> Any:
    from talex.messages.campaigns.models import Campaign

    if "mailing" not in scene.things:
        scene.things["mailing"] = Campaign.objects.create(
            edition=scene.edition, name="Spring", template=_template(scene), audience="talents"
        )
    return scene.things["mailing"]


def _text(scene: Scene) -> dict[str, Any]:
    return {"name": "T", "subject": {"en": "S"}, "text": {"en": "Hello"}}


def _plan(scene: Scene) -> dict[str, Any]:
    return {"name": "C", "template": str(_template(scene).pk), "audience": "talents"}


VALUES: dict[str, Callable[[Scene], Any]] = {
    "template": lambda s: _template(s).pk,
    "campaign": lambda s: _campaign(s).pk,
}

SENT: dict[tuple[str, str], Callable[[Scene], dict[str, Any]]] = {
    (TEXTS, "POST"): _text,
    (f"{TEXTS}/{{template}}", "PUT"): lambda s: {**_text(s), "based_on": 1},
    (f"{TEXTS}/{{template}}/test", "POST"): lambda s: {},
    (BASE, "POST"): _plan,
    (ONE, "PUT"): lambda s: {**_plan(s), "revision": 1},
    (f"{ONE}/submit", "POST"): lambda s: {"revision": 1},
    (f"{ONE}/approve", "POST"): lambda s: {"revision": 1},
    (f"{ONE}/give-back", "POST"): lambda s: {},
    ("campaigns:change", "POST"): lambda s: {"act": "pause"},
    ("campaigns:change-text", "POST"): lambda s: {"act": "retire"},
}
