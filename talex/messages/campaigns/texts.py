"""The texts of the office: each edit makes a new version, none is lost."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.messages.campaigns import placeholders, rules
from talex.messages.campaigns.models import Template, Wording

LONGEST_SUBJECT, LONGEST_TEXT = 200, 20_000


@dataclass(frozen=True, slots=True)
class AddTemplate:
    """`subject` and `text` in the same languages, with placeholders in braces."""

    edition: UUID
    name: str
    subject: TranslatedText
    text: TranslatedText


@dataclass(frozen=True, slots=True)
class EditTemplate:
    """A new version; `based_on` is the number of the one that was read."""

    template: UUID
    based_on: int
    name: str
    subject: TranslatedText
    text: TranslatedText


def add_template(actor: Actor, command: AddTemplate) -> Template:
    """Write a text. Raises NotFound, NotAllowed, Invalid."""
    if not Edition.objects.filter(pk=command.edition).exists():
        raise NotFound
    if not rules.can_write(actor, command.edition):
        raise NotAllowed
    _check(command)
    with work():
        template = Template(edition_id=command.edition, name=_name(command.name))
        _save(template)
        wording = _word(actor, template, 1, command)
        _record("template_added", actor, template, wording)
    return template


def edit_template(actor: Actor, command: EditTemplate) -> Wording:
    """Write it anew; the former version stays. The same text again makes no version.

    Raises NotFound, NotAllowed, Invalid, and Conflict where a newer version was saved meanwhile.
    """
    with work():
        template = _mine(actor, command.template)
        newest = template.wordings.first()
        _check(command)
        if newest is not None and newest.number != command.based_on:
            raise Conflict(
                _("A newer version of this text was saved since you opened it. Copy yours, load "
                  "the page again, and put both together.")
            )  # fmt: skip
        template.name = _name(command.name)
        _save(template)
        if newest is not None and (newest.subject, newest.text) == (command.subject, command.text):
            return newest
        wording = _word(actor, template, command.based_on + 1, command)
        _record("template_edited", actor, template, wording)
    return wording


def retire_template(actor: Actor, pk: UUID, *, retired: bool = True) -> Template:
    """Offer it for new campaigns no longer, or again."""
    with work():
        template = _mine(actor, pk)
        if (template.retired_at is not None) != retired:
            template.retired_at = clock.now() if retired else None
            template.save(update_fields=["retired_at"])
            _record("template_retired" if retired else "template_returned", actor, template)
    return template


def _mine(actor: Actor, pk: UUID) -> Template:
    template = Template.objects.select_for_update().filter(pk=pk).first()
    if template is None or not rules.can_see_template(actor, template):
        raise NotFound
    if not rules.can_write(actor, template.edition_id):
        raise NotAllowed
    return template


def _word(
    actor: Actor, template: Template, number: int, command: AddTemplate | EditTemplate
) -> Wording:
    return Wording.objects.create(
        template=template,
        number=number,
        subject=command.subject,
        text=command.text,
        made_by_id=actor.user,
    )


def _name(given: str) -> str:
    return " ".join(given.split())


def _save(template: Template) -> None:
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError as error:
        raise Invalid({"name": _("There is a text of this name already.")}) from error


def _check(command: AddTemplate | EditTemplate) -> None:
    faults: dict[str, Message] = {}
    if not 1 <= len(_name(command.name)) <= 200:
        faults["name"] = _("Give it a name of at most 200 characters.")
    known = dict(settings.LANGUAGES)
    for language, one in command.subject.texts().items():
        if len(f"{one}.".splitlines()) > 1:  # a header of a mail ends at its line
            faults[f"subject.{language}"] = _("The subject is one line, without line breaks.")
    for field, text, longest in (
        ("subject", command.subject, LONGEST_SUBJECT),
        ("text", command.text, LONGEST_TEXT),
    ):
        if not text:
            faults[field] = _("Write it in one language at least.")
        for language, one in text.texts().items():
            if language not in known:
                faults[field] = _("This installation does not know the language %(language)s.") % {
                    "language": language
                }
            elif len(one) > longest:
                faults[f"{field}.{language}"] = _(
                    "At most %(limit)s characters, please (%(language)s)."
                ) % {
                    "limit": longest,
                    "language": known[language],
                }
            elif (wrong := placeholders.fault(one)) is not None:
                faults[f"{field}.{language}"] = wrong
    if not faults and set(command.subject) != set(command.text):
        lacking = sorted(set(command.subject) ^ set(command.text))
        faults["text"] = _("Subject and text must be in the same languages. One is missing: "
                           "%(languages)s") % {
            "languages": ", ".join(str(known[one]) for one in lacking)
        }  # fmt: skip
    if faults:
        raise Invalid(faults)


def _record(what: str, actor: Actor, template: Template, wording: Wording | None = None) -> None:
    record(
        f"campaigns.{what}",
        actor=actor,
        edition=template.edition_id,
        obj=template,
        facts={"number": wording.number, "languages": sorted(wording.text)} if wording else {},
    )
