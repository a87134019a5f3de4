"""The writers of editions: make, edit, open and close, dress."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from talex.accounts.services import time_zone_faults
from talex.core import hazards
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions import colours, rules
from talex.editions.models import DEFAULT_ACCENT, Edition, EditionState, Plan, RoleGrant, slug_rule
from talex.editions.pictures import TYPES, kind_of_picture
from talex.editions.roles import Role
from talex.ledger.services import record

LONGEST_DAYS = 366
PICTURES = ("logo", "cover")
PICTURE_LIMIT = 5 * 1024 * 1024
_EDITABLE = (
    "name",
    "starts_on",
    "ends_on",
    "city",
    "tagline",
    "description",
    "time_zone",
    "languages",
    "accent",
)
slug_pattern = re.compile(r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z")
# Which state may follow which. Closing can be taken back; opening too while nothing runs.
FOLLOWS: dict[str, tuple[str, ...]] = {
    EditionState.DRAFT: (EditionState.OPEN,),
    EditionState.OPEN: (EditionState.RUNNING, EditionState.CLOSED, EditionState.DRAFT),
    EditionState.RUNNING: (EditionState.CLOSED, EditionState.OPEN),
    EditionState.CLOSED: (EditionState.OPEN, EditionState.RUNNING),
}


@dataclass(frozen=True, slots=True)
class CreateEdition:
    """A new edition, in preparation. Days are of the venue's zone; languages are codes."""

    slug: str
    name: TranslatedText
    starts_on: date
    ends_on: date
    city: TranslatedText = field(default_factory=TranslatedText)
    tagline: TranslatedText = field(default_factory=TranslatedText)
    description: TranslatedText = field(default_factory=TranslatedText)
    time_zone: str = "Asia/Shanghai"
    languages: tuple[str, ...] = ("zh-hans", "en", "de")
    accent: str = DEFAULT_ACCENT
    plan: UUID | None = None
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class EditEdition:
    """Changes of an edition; None leaves a field as it is.

    `revision` is that of the edition as it was read: where somebody else saved meanwhile, the
    service refuses with `Conflict`. None skips the check.
    """

    edition: UUID
    revision: int | None = None
    name: TranslatedText | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    city: TranslatedText | None = None
    tagline: TranslatedText | None = None
    description: TranslatedText | None = None
    time_zone: str | None = None
    languages: tuple[str, ...] | None = None
    accent: str | None = None


@dataclass(frozen=True, slots=True)
class SetState:
    """Open, start or close an edition, or take that back."""

    edition: UUID
    state: str


@dataclass(frozen=True, slots=True)
class SetPicture:
    """The logo or the cover picture; `file` None takes it away."""

    edition: UUID
    which: str
    file: UploadedFile | None


def _faults(values: dict[str, Any]) -> dict[str, list[Message]]:
    """What is wrong with the fields that are given."""
    faults: dict[str, list[Message]] = {}
    name = values.get("name")
    if name is not None and not name:
        faults["name"] = [_("Give the name in at least one language.")]
    for part, longest in (("name", 200), ("city", 100), ("tagline", 300), ("description", 20_000)):
        text = values.get(part)
        if text and any(len(version) > longest for version in text.texts().values()):
            told = _("Use at most %(count)s characters.") % {"count": longest}
            faults.setdefault(part, []).append(told)
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts is not None and ends is not None:
        if ends < starts:
            faults["ends_on"] = [_("The last day lies before the first day.")]
        elif (ends - starts).days >= LONGEST_DAYS:
            faults["ends_on"] = [_("An edition lasts at most one year.")]
    zone = values.get("time_zone")
    if zone is not None and time_zone_faults(zone):
        faults["time_zone"] = time_zone_faults(zone)
    languages = values.get("languages")
    if languages is not None:
        unknown = [code for code in languages if code not in dict(settings.LANGUAGES)]
        if not languages:
            faults["languages"] = [_("Choose at least one language.")]
        elif unknown:
            faults["languages"] = [_("Choose one of the languages offered here.")]
    accent = values.get("accent")
    if accent is not None:
        found = colours.faults(accent)
        if found:
            faults["accent"] = found
    return faults


def _locked(actor: Actor, edition_id: UUID) -> Edition:
    """The edition, locked for a change; refuses who may not change it."""
    edition = Edition.objects.select_for_update().filter(pk=edition_id).first()
    if edition is None or not rules.can_see_edition(actor, edition):
        raise NotFound()
    if not rules.can_edit_edition(actor, edition):
        raise NotAllowed()
    return edition


def create_edition(actor: Actor, command: CreateEdition) -> Edition:
    """A new edition in preparation; whoever makes it is its first organiser."""
    if not rules.can_create_edition(actor):
        raise NotAllowed(_("Editions are made by the site's administrators."))
    values = {f: getattr(command, f) for f in _EDITABLE}
    faults = _faults(values)
    if not slug_pattern.match(command.slug) or len(command.slug) > 60:
        faults["slug"] = [slug_rule.message]
    if command.plan is not None and not Plan.objects.filter(pk=command.plan).exists():
        faults["plan"] = [_("This plan is not known.")]
    if faults:
        raise Invalid(faults)
    with work():
        if Edition.objects.filter(slug=command.slug).exists():
            raise Invalid({"slug": _("Another edition has this short name. Choose another one.")})
        edition = Edition.objects.create(
            slug=command.slug,
            plan_id=command.plan,
            rehearsal=command.rehearsal,
            **{**values, "languages": list(command.languages)},
        )
        record(
            "editions.created",
            actor=actor,
            edition=edition.pk,
            obj=edition,
            facts={"slug": edition.slug, "rehearsal": edition.rehearsal, **_facts(values)},
        )
        if actor.user is not None:
            grant = RoleGrant.objects.create(
                user_id=actor.user,
                edition=edition,
                role=Role.ORGANISER,
                granted_by_id=actor.user,
            )
            record(
                "editions.role_granted",
                actor=actor,
                edition=edition.pk,
                obj=grant,
                facts={"user": str(actor.user), "role": Role.ORGANISER.value},
            )
    return edition


def edit_edition(actor: Actor, command: EditEdition) -> Edition:
    """Change what is given; refuse where somebody else saved in between."""
    with work():
        edition = _locked(actor, command.edition)
        if command.revision is not None and command.revision != edition.revision:
            raise Conflict()
        given = {f: getattr(command, f) for f in _EDITABLE if getattr(command, f) is not None}
        if "languages" in given:
            given["languages"] = list(given["languages"])
        # The days are judged together, also where only one of them changes.
        days = {"starts_on": edition.starts_on, "ends_on": edition.ends_on}
        faults = _faults({**days, **given})
        if faults:
            raise Invalid(faults)
        changed = {f: v for f, v in given.items() if v != getattr(edition, f)}
        if changed:
            for name, value in changed.items():
                setattr(edition, name, value)
            edition.revision += 1
            edition.save(update_fields=[*changed, "revision"])
            record(
                "editions.edited",
                actor=actor,
                edition=edition.pk,
                obj=edition,
                facts=_facts(changed),
            )
    return edition


def set_state(actor: Actor, command: SetState) -> Edition:
    """The next state, or one back; `Conflict` for one that does not follow."""
    if command.state not in EditionState.values:
        raise Invalid({"state": _("This state is not known.")})
    with work():
        edition = _locked(actor, command.edition)
        if edition.state == command.state:
            return edition
        if command.state not in FOLLOWS[edition.state]:
            raise Conflict(
                _("From “%(now)s” an edition cannot become “%(wanted)s”.")
                % {
                    "now": edition.get_state_display(),
                    "wanted": EditionState(command.state).label,
                }
            )
        was, edition.state = edition.state, command.state
        edition.revision += 1
        edition.save(update_fields=["state", "revision"])
        record(
            "editions.state_set",
            actor=actor,
            edition=edition.pk,
            obj=edition,
            facts={"from": str(was), "to": str(command.state)},
        )
    return edition


def set_picture(actor: Actor, command: SetPicture) -> Edition:
    """Keep a new logo or cover picture under a name of its own, and drop the former one."""
    if command.which not in PICTURES:
        raise Invalid({"which": _("There is a logo and a cover picture.")})
    ending = ""
    if command.file is not None:
        size = command.file.size or 0
        if size > PICTURE_LIMIT:
            raise Invalid({command.which: _("The picture is larger than 5 MB. Make it smaller.")})
        ending = kind_of_picture(command.file) or ""
        if not ending:
            raise Invalid({command.which: _("Choose a PNG, JPEG or WebP picture.")})
        try:
            hazards.check(cast(BinaryIO, command.file.file), TYPES[ending])
        except hazards.Refused as error:
            raise Invalid({command.which: error.fields["file"]}) from error
    with work():
        edition = _locked(actor, command.edition)
        former = getattr(edition, command.which).name
        if command.file is not None:
            name = f"editions/{edition.pk}/{command.which}-{uuid4().hex}.{ending}"
            kept = default_storage.save(name, command.file)
        else:
            kept = ""
        setattr(edition, command.which, kept)
        edition.revision += 1
        edition.save(update_fields=[command.which, "revision"])
        record(
            "editions.picture_set",
            actor=actor,
            edition=edition.pk,
            obj=edition,
            facts={"which": command.which, "kept": bool(kept)},
        )
        if former:
            # Only once the change stands; before, the old picture may still be needed.
            transaction.on_commit(lambda: default_storage.delete(former))
    return edition


def _facts(values: dict[str, Any]) -> dict[str, Any]:
    """Fields of an edition as the ledger keeps them: an edition is no person, so with values."""
    return {
        name: (
            value.texts()
            if isinstance(value, TranslatedText)
            else value.isoformat()
            if isinstance(value, date)
            else list(value)
            if isinstance(value, list | tuple)
            else value
        )
        for name, value in values.items()
    }
