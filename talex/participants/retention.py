"""Talents of past conferences are erased when their term is over: told first, then by themselves.

The term of a person ends `keep_months` after the last conference they have a part in. Who allowed
the office to ask later what became of it stays while that consent holds, and who wishes so stays
for another term.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from talex.core import clock, outbox
from talex.core.actor import SYSTEM, Actor
from talex.core.errors import NotFound
from talex.core.outbox import Kind
from talex.core.work import work
from talex.editions.models import Consent, ConsentPurpose, Edition
from talex.ledger.services import record
from talex.participants.archive.services import own_records
from talex.participants.commands import ErasePerson
from talex.participants.models import Delegate, Keeping, Person, ProjectOwner, Talent
from talex.participants.receipts import addressee
from talex.participants.services.erasing import erase_person, records_of
from talex.participants.statements import months_later, privacy_of

SOON = Kind(
    "participants.erased_soon", _("Your data will be erased"), "participants/mail/erased_soon"
)
#: So long before somebody is erased they are told.
NOTICE = timedelta(days=30)
#: A run ends after so many; the next one goes on.
_AT_ONCE = 200


def register() -> None:
    """Called once, when Talex starts."""
    outbox.register_kind(SOON)


def tick() -> None:
    """Called by the worker every hour; several at once, and one killed in the middle, do no harm:
    each person is told, or erased, in one transaction under a lock."""
    today = clock.now().date()
    tell(today)
    erase(today)


def end_of(edition: Edition) -> date:
    """The day on which the term of the talents of an edition is over."""
    return months_later(edition.ends_on, privacy_of(edition).keep_months)


def due_on(group: Iterable[Person]) -> tuple[date, Edition] | None:
    """When a human being is to be erased, and by which edition; None where they stay."""
    ids = [one.pk for one in group]
    if not Talent.objects.filter(person__in=ids, erased_at__isnull=True).exists():
        return None
    follow_up = Consent.objects.current().filter(purpose=ConsentPurpose.FOLLOW_UP, person__in=ids)
    if follow_up.exists():
        return None
    parts = {
        edition
        for model in (Talent, Delegate, ProjectOwner)
        for edition in model._default_manager.filter(person__in=ids).values_list(
            "edition_id", flat=True
        )
    }
    editions = Edition.objects.filter(pk__in=parts).select_related("privacy")
    ends = [(end_of(one), one.slug, one) for one in editions if not one.rehearsal]
    if not ends or any(not one.over for one in editions):
        return None
    day, _slug, last = max(ends, key=lambda end: end[:2])
    wishes = Keeping.objects.filter(person__in=ids).values_list("keep_until", flat=True)
    return max([day, *(wish for wish in wishes if wish is not None)]), last


def _candidates(soon: date) -> list[UUID]:
    """Persons whose part in some conference is over by then, and who are not told yet."""
    over = [
        one.pk
        for one in Edition.objects.filter(rehearsal=False).select_related("privacy")
        if one.over and end_of(one) <= soon
    ]
    follow_up = Consent.objects.current().filter(purpose=ConsentPurpose.FOLLOW_UP)
    return list(
        Person.objects.filter(
            merged_into__isnull=True, erased_at__isnull=True, talents__edition__in=over
        )
        .exclude(pk__in=follow_up.values("person"))
        .exclude(keeping__keep_until__isnull=True, keeping__isnull=False)
        .exclude(keeping__keep_until__gt=soon)
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()
    )


def tell(today: date) -> int:
    """Tell people 30 days before that they will be erased; returns how many were told."""
    soon, count = today + NOTICE, 0
    for pk in _candidates(soon):
        if count >= _AT_ONCE:
            break
        with work():
            person = _locked(pk)
            if person is None or Keeping.objects.filter(person=pk, keep_until=None).exists():
                continue
            group = records_of(person)
            due = due_on(group)
            if due is None or due[0] > soon:
                continue
            day, edition = max(due[0], soon), due[1]
            Keeping.objects.update_or_create(
                person=person,
                defaults={"told_at": clock.now(), "erase_on": day, "keep_until": None},
            )
            _mail(group, day, edition)
            count += 1
    return count


def _mail(group: list[Person], day: date, edition: Edition) -> None:
    to = next((found for one in group if (found := addressee(one)) is not None), None)
    if to is None:
        return  # nobody to write to: the term ends all the same
    page = reverse("participants:own_keep", kwargs={"edition": edition.slug})
    outbox.tell(
        to,
        SOON.name,
        lambda: {"edition": str(edition.name), "day": day, "url": settings.TALEX_URL + page},
        edition=edition.pk,
        key=f"{SOON.name}:{group[0].pk}:{day}",
    )


def erase(today: date) -> int:
    """Erase whose day has come and who is still to go; returns how many were erased."""
    gone = 0
    due_rows = Keeping.objects.filter(
        erase_on__lte=today, keep_until__isnull=True, person__merged_into__isnull=True
    )
    for pk in list(due_rows.order_by("pk").values_list("person_id", flat=True)[:_AT_ONCE]):
        with work():
            person = _locked(pk)
            row = due_rows.filter(person=pk).first()
            if person is None or row is None:
                continue
            due = due_on(records_of(person))
            if due is None or due[0] > today:
                # They came back, or allowed to be asked later: when the time comes they are told
                # again.
                row.delete()
                continue
            counts: Counter[str] = Counter(erase_person(SYSTEM, ErasePerson(person=pk)))
            record(
                "participants.term_over",
                actor=SYSTEM,
                edition=due[1].pk,
                obj=person,
                facts={"erased_on": row.erase_on, "counts": dict(counts)},
            )
            gone += 1
    return gone


def _locked(pk: UUID) -> Person | None:
    """The person, where it still stands by itself."""
    rows = Person.objects.select_for_update().filter(merged_into__isnull=True)
    return rows.filter(pk=pk, erased_at__isnull=True).first()


def own_keeping(actor: Actor) -> Keeping | None:
    """What the actor was told, or wished. Raises `NotAllowed`."""
    return Keeping.objects.filter(person=own_records(actor)[0]).first()


def keep_longer(actor: Actor) -> Keeping:
    """Stay for another term from today on. Raises `NotAllowed`, `NotFound` where nobody was told.

    Doing it twice on a day changes nothing.
    """
    with work():
        group = own_records(actor)
        row = Keeping.objects.select_for_update().filter(person=group[0]).first()
        if row is None:
            raise NotFound
        due = due_on(group)
        months = privacy_of(due[1]).keep_months if due else 24
        until = months_later(clock.now().date(), months)
        if row.keep_until is not None and row.keep_until >= until:
            return row
        row.keep_until = until
        row.save(update_fields=["keep_until"])
        record("participants.kept_longer", actor=actor, edition=None, obj=group[0])
    return row
