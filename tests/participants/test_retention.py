"""Terms that run by themselves: told 30 days before, erased after, once, and figures stay."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.actors import load_actor
from talex.accounts.models import User
from talex.core import clock
from talex.core.errors import NotFound
from talex.editions.models import Consent, Edition, Privacy
from talex.editions.privacy import SetPrivacy, set_privacy
from talex.evidence.queries import tally
from talex.ledger.models import Entry
from talex.messages.models import Message
from talex.participants import retention
from talex.participants.models import Keeping, Person, Talent
from tests.participants import factories as make

pytestmark = pytest.mark.django_db

TODAY = clock.now().date()


def past(months: int = 24, **values: Any) -> Edition:
    """A conference whose talents' term ends today."""
    end = TODAY - timedelta(days=months * 31)
    found = make.edition(starts_on=end - timedelta(days=2), ends_on=end, state="closed", **values)
    Privacy.objects.create(edition=found, keep_months=months)
    return found


def somebody(edition: Edition, language: str = "en") -> Talent:
    talent = make.talent(edition, "Li Lei", degree_level="master", consents=("profile",))
    actor = make.with_account(talent)
    User.objects.filter(pk=actor.user).update(language=language)
    return talent


def test_told_once_then_erased_and_the_figures_stay() -> None:
    edition = past()
    talent = somebody(edition, "de")
    before = tally(edition.pk, by="degree_level")
    retention.tick()
    retention.tick()
    mail = Message.objects.get(kind="participants.erased_soon")
    assert "gelöscht" in mail.text and f"/e/{edition.slug}/me/keep/" in mail.text
    row = Keeping.objects.get()
    assert row.erase_on == TODAY + retention.NOTICE
    assert retention.erase(row.erase_on - timedelta(days=1)) == 0
    assert retention.erase(row.erase_on) == 1
    assert retention.erase(row.erase_on) == 0 and retention.tell(row.erase_on) == 0
    talent.refresh_from_db()
    assert talent.erased_at is not None and Person.objects.get().name == ""
    assert tally(edition.pk, by="degree_level") == before == {("registered", "master"): 1}
    entry = Entry.objects.get(event="participants.term_over")
    assert '"talents":' in entry.canonical and "Li Lei" not in entry.canonical
    assert not Keeping.objects.exists()


def test_who_stays() -> None:
    edition = past()
    asked, again, waiting = (somebody(edition) for _ in range(3))
    Consent.objects.create(
        edition=edition, person=asked.person_id, purpose="follow_up", wording="1"
    )
    later = make.edition(starts_on=date(2090, 1, 1), ends_on=date(2090, 1, 2))
    make.talent(later, "Li Lei")
    Talent.objects.filter(edition=later).update(person=again.person_id)
    somebody(past(rehearsal=True))
    somebody(make.edition(starts_on=TODAY, ends_on=TODAY, state="closed"))
    assert retention.tell(TODAY) == 1
    assert Keeping.objects.get().person_id == waiting.person_id


def test_who_comes_back_after_being_told_is_not_erased() -> None:
    edition = past()
    talent = somebody(edition)
    retention.tell(TODAY)
    given = Consent.objects.create(
        edition=edition, person=talent.person_id, purpose="follow_up", wording="1"
    )
    day = TODAY + retention.NOTICE
    assert retention.erase(day) == 0 and not Keeping.objects.exists()
    Consent.objects.filter(pk=given.pk).update(withdrawn_at=clock.now())
    assert retention.tell(day) == 1  # told again, with 30 days more
    assert Keeping.objects.get().erase_on == day + retention.NOTICE


def test_keeping_longer_needs_signing_in_and_holds_a_term() -> None:
    edition = past()
    talent = somebody(edition)
    url = reverse("participants:own_keep", args=[edition.slug])
    client, user = Client(), User.objects.get(pk=talent.person.user_id)
    actor = load_actor(user.pk)
    with pytest.raises(NotFound):
        retention.keep_longer(actor)
    retention.tell(TODAY)
    assert client.post(url).status_code == 302 and Keeping.objects.get().keep_until is None
    client.force_login(user)
    assert "Keep my data longer" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 302  # the second click
    assert "Kept longer" in client.get(url).content.decode()
    assert Entry.objects.filter(event="participants.kept_longer").count() == 1
    until = Keeping.objects.get().keep_until
    assert until is not None and until > TODAY + timedelta(days=700)
    assert retention.erase(until) == 0 and retention.tell(TODAY + retention.NOTICE) == 0
    # When that term ends they are told once more, and then erased.
    assert retention.tell(until) == 1 and retention.erase(until + retention.NOTICE) == 1
    assert Message.objects.filter(kind="participants.erased_soon").count() <= 2
    office = Client()
    office.force_login(User.objects.get(pk=make.office(edition).user))
    assert office.get(url).status_code == 403


def test_killed_in_the_middle_nothing_is_lost_or_done_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edition = past()
    somebody(edition), somebody(edition)
    true, calls = retention.outbox.tell, []

    def killed(*args: Any, **values: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return true(*args, **values)

    with monkeypatch.context() as patch:
        patch.setattr(retention.outbox, "tell", killed)
        with pytest.raises(KeyboardInterrupt):
            retention.tell(TODAY)
    assert Keeping.objects.count() == Message.objects.count() == 1
    assert retention.tell(TODAY) == 1 and Message.objects.count() == 2
    really = retention.record

    def dies(event: str, **values: Any) -> None:
        really(event, **values)
        raise KeyboardInterrupt

    day = TODAY + retention.NOTICE
    with monkeypatch.context() as patch:
        patch.setattr(retention, "record", dies)
        with pytest.raises(KeyboardInterrupt):
            retention.erase(day)
    assert not Person.objects.filter(erased_at__isnull=False).exists()
    assert retention.erase(day) == 2
    assert Entry.objects.filter(event="participants.term_over").count() == 2


def test_the_office_sets_the_term() -> None:
    edition = make.edition()
    set_privacy(make.office(edition), SetPrivacy(edition.pk, keep_months=6))
    assert Privacy.objects.get().keep_months == 6
    assert retention.end_of(Edition.objects.get()) == date(2027, 10, 14)


def test_the_office_reads_the_terms_and_how_many_are_told(settings: Any) -> None:
    settings.TALEX_EVIDENCE_DAYS = 77
    edition = past(months=7)
    somebody(edition)
    url = reverse("web:retention", args=[edition.slug])
    client = Client()
    client.force_login(User.objects.get(pk=make.office(edition).user))
    retention.tell(TODAY)
    page = client.get(url).content.decode()
    assert "7 months" in page and "77 days" in page and "<strong>1</strong>" in page
    other = Client()
    other.force_login(User.objects.get(pk=Talent.objects.get().person.user_id))
    assert other.get(url).status_code == 403
