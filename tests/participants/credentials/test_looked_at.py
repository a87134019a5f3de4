"""Nothing is decided that was not on the screen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core.actor import Actor
from talex.core.errors import Conflict, Invalid
from talex.evidence.models import Evidence
from talex.participants import services as people
from talex.participants.commands import UpdateTalent
from talex.participants.credentials import services
from talex.participants.credentials.models import Case
from talex.participants.facts import Name
from tests.participants import factories as make
from tests.participants.credentials.test_cases import (
    accept,
    an_identity,
    hand_in,
    looked,
    send_back,
)

pytestmark = pytest.mark.django_db


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user))
    return client


def rename(actor: Actor, case: Case, *names: str, **changes: Any) -> None:
    given = {"names": [Name(name) for name in names], **changes} if names else changes
    people.update_talent(actor, UpdateTalent(talent=case.talent_id, changes=given))  # type: ignore[arg-type]


def test_a_name_that_was_changed_meanwhile_is_not_accepted() -> None:
    edition = make.edition()
    office = make.office(edition)
    (actor, case), (_other, second) = an_identity(edition), an_identity(edition)
    for one in (case, second):
        services.claim_case(office, one.pk)
    seen = looked(case.pk, second.pk)
    rename(actor, case, "Somebody Else")
    with pytest.raises(Conflict) as refused:
        accept(office, case.pk, second.pk, seen=seen)  # of many none is decided
    assert "Somebody Else" in str(refused.value)
    with pytest.raises(Invalid):
        accept(office, case.pk, seen={})
    assert set(Case.objects.values_list("state", flat=True)) == {"waiting"}
    assert accept(office, case.pk, second.pk) == 2


def test_a_degree_is_not_accepted_with_another_level_or_row() -> None:
    edition = make.edition()
    office = make.office(edition)
    talent = make.talent(edition, "Li Lei", degree_level="master")
    actor = make.with_account(talent)
    case = services.open_case(actor, services.OpenCase(talent=talent.pk, kind="degree"))
    hand_in(actor, case, "certificate")
    services.claim_case(office, case.pk)
    row = {"level": "doctorate", "institution": "MIT", "discipline": "", "year": None}
    for changes in ({"degree_level": "doctorate"}, {"education": [row]}):
        seen = looked(case.pk)
        rename(actor, case, **changes)
        with pytest.raises(Conflict):
            accept(office, case.pk, seen=seen)
    page = client_of(office).get(f"/e/{edition.slug}/verification/{case.pk}/").content.decode()
    assert "MIT" in page


def test_no_degree_is_accepted_that_was_not_stated() -> None:
    edition = make.edition()
    office = make.office(edition)
    talent = make.talent(edition, "Li Lei", degree_level="master")
    actor = make.with_account(talent)
    case = services.open_case(actor, services.OpenCase(talent=talent.pk, kind="degree"))
    hand_in(actor, case, "certificate")
    rename(actor, case, degree_level="")
    _other, identity = an_identity(edition)
    with pytest.raises(Conflict, match="Li Lei states no degree"):
        accept(office, identity.pk, case.pk)  # of many none is decided
    assert not Evidence.objects.filter(rung="verified").exists()
    client, here = client_of(office), f"/e/{edition.slug}/verification"
    page = client.get(f"{here}/{case.pk}/").content.decode()
    assert "nothing to accept" in page and 'id="accept"' not in page and "Not stated" in page
    # Only who states none is told to state one.
    with pytest.raises(Invalid):
        send_back(office, identity.pk, reason="not_stated")
    assert "not_stated" not in client.get(f"{here}/{identity.pk}/").content.decode()
    many = f"{here}/queue/decide/?act=return&case={case.pk}"
    sent = {"reason": "not_stated", "seen": f"{case.pk}:{looked(case.pk)[case.pk]}"}
    assert client.post(many, sent).status_code == 303
    assert "states no degree" in client_of(actor).get(f"{here}/{case.pk}/").content.decode()
    rename(actor, case, degree_level="master")
    services.submit_case(actor, case.pk)
    assert accept(office, case.pk) == 1


def test_a_degree_that_is_not_stated_is_not_handed_in() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Li Lei", institution="HUST")
    actor = make.with_account(talent)
    case = services.open_case(actor, services.OpenCase(talent=talent.pk, kind="degree"))
    with pytest.raises(Invalid, match="State it there"):
        hand_in(actor, case, "certificate")
    url = f"/e/{edition.slug}/verification/{case.pk}/"
    page = client_of(actor).get(url).content.decode()
    assert "Your profile states no degree" in page and 'id="hand-in"' not in page
    assert "State it there" in client_of(actor).post(f"{url}submit/").content.decode()
    rename(actor, case, degree_level="master")
    assert 'id="hand-in"' in client_of(actor).get(url).content.decode()
    assert services.submit_case(actor, case.pk).state == "waiting"


def test_who_checks_many_sees_what_each_says_and_shows() -> None:
    edition = make.edition()
    office = make.office(edition)
    talent = make.talent(edition, "Li Lei", degree_level="master", institution="HUST")
    actor = make.with_account(talent)
    case = services.open_case(actor, services.OpenCase(talent=talent.pk, kind="degree"))
    hand_in(actor, case, "certificate")
    services.claim_case(office, case.pk)
    url = f"/e/{edition.slug}/verification/queue/decide/?act=accept&case={case.pk}"
    page = client_of(office).get(url).content.decode()
    paper = case.papers.get()
    assert "HUST" in page and "Master" in page and "Degree certificate" in page
    assert reverse("core:upload", kwargs={"pk": paper.upload}) in page


def test_the_page_says_so_and_shows_what_it_says_now() -> None:
    edition = make.edition()
    office = make.office(edition)
    actor, case = an_identity(edition)
    services.claim_case(office, case.pk)
    client, here = client_of(office), f"/e/{edition.slug}/verification"
    page = client.get(f"{here}/{case.pk}/").content.decode()

    def sent(page: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]+)"', page)
        assert found is not None
        return found[1]

    rename(actor, case, "Somebody Else")
    data = {"act": "accept", "accept-seen": sent(page, "accept-seen")}
    answer = client.post(f"{here}/{case.pk}/decide/", data)
    page = answer.content.decode()
    assert answer.status_code == 422 and "changed meanwhile" in page and "Somebody Else" in page
    case.refresh_from_db()
    assert case.state == "waiting"
    data["accept-seen"] = sent(page, "accept-seen")
    assert client.post(f"{here}/{case.pk}/decide/", data).status_code == 303
    case.refresh_from_db()
    assert case.state == "accepted"


def test_many_on_the_page_carry_what_was_looked_at() -> None:
    edition = make.edition()
    office = make.office(edition)
    actor, case = an_identity(edition)
    client, queue = client_of(office), f"/e/{edition.slug}/verification/queue/"
    url = f"/e/{edition.slug}/verification/queue/decide/?act=accept&case={case.pk}"
    chosen = client.post(f"{queue}?state=waiting", {"action": "accept", "ids": [str(case.pk)]})
    assert chosen["Location"] == url
    case.refresh_from_db()
    assert case.claimed_by == office.user  # who chooses them takes them
    page = client.get(url).content.decode()
    mark = re.search(r'name="seen" value="([^"]+)"', page)
    assert mark is not None and "Li Lei" in page
    rename(actor, case, "Somebody Else")
    answer = client.post(url, {"seen": mark[1]})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Somebody Else" in page
    mark = re.search(r'name="seen" value="([^"]+)"', page)
    assert mark is not None
    assert client.post(url, {"seen": mark[1]}).status_code == 303


def test_many_of_which_one_is_taken_say_which_and_stay_chosen() -> None:
    edition = make.edition()
    office, other = make.office(edition), make.office(edition)
    _actor, free = an_identity(edition)
    taken_of, taken = an_identity(edition)
    rename(taken_of, taken, "Han Meimei")
    services.claim_case(other, taken.pk)
    client, queue = client_of(office), f"/e/{edition.slug}/verification/queue/?state=waiting"
    sent = {"action": "accept", "ids": [str(free.pk), str(taken.pk)]}
    answer = client.post(queue, sent, follow=True)
    page = answer.content.decode()
    assert "is checking “Han Meimei” at the moment" in page and "“Li Lei”" not in page
    for case in (free, taken):
        assert f'value="{case.pk}" checked' in page
    free.refresh_from_db()
    assert free.claimed_by is None
    again = client.get(queue).content.decode()
    assert "Who checks" in again and " checked form=" not in again
    assert User.objects.get(pk=other.user).name in again
