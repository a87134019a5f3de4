"""An organisation registers by itself: typed, saved, checked, and then it waits to be let in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import F, Func, Value
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.masking import is_contact_as_name
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.models import Edition
from talex.ledger.services import record
from talex.participants.arrivals import Arrival, arrived
from talex.participants.choices import DelegateRole, Mode
from talex.participants.cleaners import CONTACT_AS_NAME, Fault
from talex.participants.credentials import numbers, rules
from talex.participants.credentials.choices import CaseKind
from talex.participants.credentials.models import Case, Draft
from talex.participants.facts import PERSON_FIELDS, Name, clean
from talex.participants.models import Delegate, Organisation, Participation, Person
from talex.participants.services.organisations import clean_organisation, derived
from talex.participants.services.persons import new_person
from talex.participants.telephones import telephone

#: What is asked; nothing else is kept of what was typed.
ANSWERS = (
    "name", "kind", "country", "number_kind", "registration_number", "region", "address", "website",
    "person", "title", "phone", "mode",
)  # fmt: skip
_OF_ORGANISATION = ("name", "kind", "country", "region", "address", "website")
_LONGEST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDraft:
    """What was typed so far; it is kept as it is and checked when it is sent."""

    edition: UUID
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitRegistration:
    """Register the organisation of the draft. `reached`: as in `registering.SendDraft`."""

    edition: UUID
    reached: str = ""


class KnownOrganisation(Conflict):
    """There is an organisation with this number already; nothing of it is told."""

    default = _(
        "An organisation with this number is registered already. Ask to be let in; nobody "
        "registers it twice."
    )


def save_draft(actor: Actor, command: SaveDraft) -> Draft:
    """Keep what was typed, whatever it is. Raises `NotAllowed`, `NotFound`, `Invalid` (too long).

    Not recorded in the ledger: nothing has been registered yet.
    """
    edition = _open_edition(actor, command.edition)
    kept = {name: _typed(command.answers[name]) for name in ANSWERS if name in command.answers}
    with work():
        draft, _made = Draft.objects.select_for_update().get_or_create(
            user_id=signed_in(actor), edition=edition
        )
        draft.answers = {**draft.answers, **kept}
        draft.saved_at = clock.now()
        draft.save(update_fields=["answers", "saved_at"])
    return draft


def discard_draft(actor: Actor, edition: UUID) -> None:
    """Forget what was typed."""
    Draft.objects.filter(user_id=signed_in(actor), edition_id=edition).delete()


def signed_in(actor: Actor) -> UUID:
    """The account that acts. Raises `NotAllowed` where there is none."""
    if actor.user is None:
        raise NotAllowed
    return actor.user


def _open_edition(actor: Actor, edition_id: UUID) -> Edition:
    edition = Edition.objects.filter(pk=edition_id).first()
    if edition is None:
        raise NotFound
    if not rules.can_register(actor, edition):
        raise NotAllowed(_("Registration is open to whoever is signed in, until the last day."))
    return edition


def _typed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(lang)[:10]: _typed(text) for lang, text in list(value.items())[:10]}
    return str(value or "")[:_LONGEST]


def checked_number(answers: Mapping[str, Any]) -> str:
    """The number of the answers as it is kept. Raises `Invalid`, `KnownOrganisation`."""
    country = str(answers.get("country", ""))
    number = numbers.checked(
        str(answers.get("number_kind", "")), str(answers.get("registration_number", "")), country
    )
    if known_by(number) is not None:
        raise KnownOrganisation
    return number


def known_by(number: str, but: UUID | None = None) -> Organisation | None:
    """The organisation with this number, however it was spelled in a list that was imported."""
    bare: Any = Upper(F("registration_number"))
    for sign in (" ", "-", ".", ",", "/", "(", ")"):
        bare = Func(bare, Value(sign), Value(""), function="REPLACE")
    rows = Organisation.objects.exclude(registration_number="")
    if but is not None:
        rows = rows.exclude(pk=but)
    return rows.annotate(bare=bare).filter(bare=numbers.key(number)).order_by("created_at").first()


def submit_registration(actor: Actor, command: SubmitRegistration) -> Organisation:
    """Make the organisation, its part in the conference, its first head, and the case to check it.

    Raises `NotAllowed`, `NotFound`, `Invalid` with every answer that is wrong, and
    `KnownOrganisation`.
    """
    edition = _open_edition(actor, command.edition)
    with work():
        draft = (
            Draft.objects.select_for_update()
            .filter(user_id=signed_in(actor), edition=edition)
            .first()
        )
        if draft is None:
            raise NotFound
        values, number = _checked(draft.answers)
        organisation = Organisation(**values, registration_number=number, **derived(values["name"]))
        try:
            organisation.save(force_insert=True)
        except IntegrityError as error:  # registered by somebody else at this moment
            raise KnownOrganisation from error
        now = clock.now()
        Participation.objects.create(
            organisation=organisation,
            edition=edition,
            mode=draft.answers.get("mode") or Mode.BOTH,
            source="registration",
            pending_since=now,
        )
        answers = {**draft.answers, "phone": phone_of(draft.answers)}
        delegate = add_account(actor, edition.pk, organisation.pk, answers, "head")
        case = Case.objects.create(
            edition=edition,
            kind=CaseKind.EMPLOYER,
            organisation=organisation,
            opened_by=actor.user,
            facts={name: draft.answers.get(name, "") for name in ("country", "number_kind")},
        )
        draft.delete()
        record(
            "credentials.organisation_registered",
            actor=actor,
            edition=edition.pk,
            obj=organisation,
            subject=delegate.person_id,
            facts={"kind": organisation.kind, "name": organisation.name, "case": case.pk},
            personal={"name": delegate.person.name, "email": delegate.person.email},
        )
        where = str(case.facts["country"])
        arrived(actor, Arrival(edition.pk, "organisation", organisation.pk, where, command.reached))
    return organisation


def send_answers(actor: Actor, command: SaveDraft) -> Organisation:
    """Save these answers, and register the organisation of the draft.

    What the same draft became already, sent twice at once or again, is given once more. Raises as
    the two do, and `Conflict` where some answers are for a draft that was sent.
    """
    edition = _open_edition(actor, command.edition)
    with work():
        own = Draft.objects.filter(user_id=signed_in(actor), edition=edition)
        if own.select_for_update().first() is None:
            sent = _sent(actor, edition, command.answers)
            if sent is not None:
                return sent
        answers = save_draft(actor, command).answers
    try:
        return submit_registration(actor, SubmitRegistration(edition=edition.pk))
    except (NotFound, KnownOrganisation):  # perhaps sent in this moment
        sent = _sent(actor, edition, answers)
        if sent is None:
            raise
        discard_draft(actor, edition.pk)
        return sent


def _sent(actor: Actor, edition: Edition, answers: Mapping[str, Any]) -> Organisation | None:
    """The organisation that the actor registered here with these answers, or last."""
    cases = Case.objects.filter(edition=edition, kind=CaseKind.EMPLOYER, opened_by=actor.user)
    last = cases.select_related("organisation").order_by("opened_at").last()
    if last is None:
        return None
    number = str(answers.get("registration_number") or "")
    if number:
        found = known_by(number)
        return found if found is not None and cases.filter(organisation=found).exists() else None
    if any(answers.values()):
        raise Conflict(
            _(
                "What you had typed was sent already. To register another organisation, give all "
                "its answers."
            )
        )
    return last.organisation


def _checked(answers: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    faults: dict[str, Any] = {}
    values: dict[str, Any] = {}
    number = ""
    try:
        number = checked_number(answers)
    except Invalid as error:
        faults |= error.fields
    typed = {name: answers[name] for name in _OF_ORGANISATION if name in answers}
    names = typed.get("name")
    typed["name"] = TranslatedText(
        {lang: text for lang, text in names.items() if text} if isinstance(names, dict) else {}
    )
    try:
        values = clean_organisation(typed)
    except Invalid as error:
        faults |= error.fields
    if not str(answers.get("person", "")).strip():
        faults["person"] = [_("Say what you are called.")]
    elif is_contact_as_name(str(answers["person"])):
        faults["person"] = [CONTACT_AS_NAME]
    try:
        phone_of(answers)
    except Fault as fault:
        faults["phone"] = [fault.message]
    if answers.get("mode") and answers["mode"] not in Mode.values:
        faults["mode"] = [_("Choose how they take part: on site, online or both.")]
    if faults:
        raise Invalid(faults)
    return values, number


def phone_of(answers: Mapping[str, Any]) -> str:
    """The number as it is kept, read as one of the country of the organisation. Raises `Fault`."""
    return telephone(answers.get("phone", ""), str(answers.get("country", "")))


def add_account(
    actor: Actor, edition: UUID, organisation: UUID, answers: Mapping[str, Any], role: str
) -> Delegate:
    """Make the account of the actor a delegate; a person it has already is that delegate too.

    So one account may be talent, speaker, founder and judge. The calling service records it.
    """
    user = User.objects.get(pk=signed_in(actor))
    person = (
        Person.objects.select_for_update()
        .filter(user=user, erased_at__isnull=True, merged_into__isnull=True)
        .order_by("created_at", "pk")
        .first()
    )
    if person is None:
        name = str(answers.get("person", "") or user.name)
        # An account may be called by its address, which is no name of a person; what is typed was
        # refused where it was asked for.
        names = [] if is_contact_as_name(name) else [Name(name)]
        given = {"names": names, "email": user.email}
        given |= {"phone": answers.get("phone", ""), "language": user.language}
        person = new_person(clean(given, PERSON_FIELDS), user=user.pk)
    elif answers.get("phone") and not person.phone:
        person.phone = clean({"phone": answers["phone"]}, PERSON_FIELDS)["phone"]
        person.save(update_fields=["phone"])
    delegate, made = Delegate.objects.get_or_create(
        person=person,
        organisation_id=organisation,
        edition_id=edition,
        merged_into=None,
        defaults={"role": DelegateRole(role), "title": str(answers.get("title", ""))[:200]},
    )
    if not made and delegate.withdrawn_at is not None:
        delegate.withdrawn_at, delegate.role = None, DelegateRole(role)
        delegate.save()
    return delegate
