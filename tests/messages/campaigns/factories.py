"""Makers of what tests of campaigns need."""

from __future__ import annotations

from typing import Any

from talex.core.actor import Actor
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.messages.campaigns import services, texts
from talex.messages.campaigns.models import Campaign, Template
from talex.participants.models import Person, Talent
from tests.participants import factories as make

SUBJECT = {"en": "News for {name}", "de": "Neues für {name}", "zh-hans": "{name}，新消息"}
TEXT = {
    "en": "Hello {name},\n\n{conference} begins on {first_day}: {page}",
    "de": "Guten Tag {name},\n\n{conference} beginnt am {first_day}: {page}",
    "zh-hans": "{name}，您好：\n\n{conference}将于{first_day}开幕：{page}",
}


def text(office: Actor, edition: Edition, name: str = "Opening", **said: Any) -> Template:
    given = {"subject": SUBJECT, "text": TEXT, **said}
    return texts.add_template(
        office,
        texts.AddTemplate(
            edition.pk, name, TranslatedText(given["subject"]), TranslatedText(given["text"])
        ),
    )


def talent(edition: Edition, number: int, language: str = "en", **facts: Any) -> Talent:
    """Somebody with an account who takes part."""
    account = make.user(f"t{number}@mail.example.com", language=language, name=f"Talent {number}")
    found = make.talent(edition, f"Talent {number}", **facts)
    Person.objects.filter(pk=found.person_id).update(user=account, email=account.email)
    found.refresh_from_db()
    return found


def campaign(office: Actor, edition: Edition, template: Template, **more: Any) -> Campaign:
    plan = {"name": "Spring", "template": template.pk, "audience": "talents", **more}
    return services.add_campaign(office, edition.pk, services.Plan(**plan))


def running(edition: Edition, **more: Any) -> Campaign:
    """Approved by a second person."""
    author, second = make.office(edition), make.office(edition)
    made = campaign(author, edition, text(author, edition), **more)
    made = services.submit(author, made.pk, made.revision)
    return services.approve(second, made.pk, made.revision)
