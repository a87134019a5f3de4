"""Makers of what tests of registrations need."""

from __future__ import annotations

from typing import Any

from django.test import Client

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core.actor import Actor
from talex.editions.models import Edition
from talex.participants.registering.models import Draft
from talex.participants.registering.services import (
    BeginDraft,
    SaveDraft,
    begin_draft,
    save_draft,
)

TALENT: dict[str, Any] = {
    "names": ["Lena Vogel"],
    "phone": "+49 151 2345 6789",
    "region": "Köln, Deutschland",
    "birth_year": "1990",
    "degree_level": "doctorate",
    "education": [
        {"level": "doctorate", "year": "2019", "institution": "RWTH Aachen",
         "discipline": "Optik"},
    ],
    "experience": [
        {"position": "Ingenieurin", "employer": "Laser GmbH", "start": "2019-03", "end": "",
         "text": "Faserlaser"},
    ],
    "experience_years": "7.5",
    "skills": ["Optik", "Python"],
    "languages": ["German native", "English C1"],
    "wished_regions": ["Wuhan"],
    "pay_least": "60000",
    "pay_currency": "EUR",
    "pay_period": "year",
    "mode": "both",
    "time_zone": "Europe/Berlin",
    "windows": [{"date": "2027-04-12", "start": "09:00", "end": "12:00"}],
    "consents": ["profile"],
}  # fmt: skip
PROJECT: dict[str, Any] = {
    "names": ["Lena Vogel"],
    "project_title": "Laser welding",
    "project_about": "Welds thin steel without spatter.",
    "project_stage": "pilot",
    "project_seeks": ["partners", "investment"],
    "consents": ["partners"],
}


def begun(user: User, edition: Edition, kind: str = "talent") -> tuple[Actor, Draft]:
    """A draft of the account, as it begins."""
    actor = actor_for(user)
    return actor, begin_draft(actor, BeginDraft(edition=edition.pk, kind=kind))


def answered(
    user: User, edition: Edition, kind: str = "talent", **more: Any
) -> tuple[Actor, Draft]:
    """A draft with all answers."""
    actor, draft = begun(user, edition, kind)
    given = {**(TALENT if kind == "talent" else PROJECT), **more}
    return actor, save_draft(actor, SaveDraft(draft=draft.pk, values=given)).draft


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
