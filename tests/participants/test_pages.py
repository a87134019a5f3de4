"""The pages: what each role gets, and the acts on them."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from talex.accounts.actors import actor_for
from talex.accounts.models import User
from talex.core.actor import Actor
from talex.editions.models import Consent, Edition
from talex.evidence.models import Evidence
from talex.ledger.models import Entry
from talex.participants import services
from talex.participants.commands import CreateTalent, MergePersons, VerifyTalents
from talex.participants.facts import Name, TalentFacts
from talex.participants.models import Delegate, Merge, NotSame, Organisation, Person, Talent
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def _client(actor: Actor) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    if actor.user:
        client.force_login(
            User.objects.get(pk=actor.user),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
    return client


def _url(name: str, edition: Edition, **kwargs: object) -> str:
    return reverse(f"participants:{name}", kwargs={"edition": edition.slug, **kwargs})


def test_the_office_adds_edits_and_verifies_a_talent() -> None:
    edition = make.edition()
    client = _client(make.office(edition))
    assert client.get(_url("talent_new", edition)).status_code == 200
    answer = client.post(
        _url("talent_new", edition),
        {
            "names": ["王伟", "Wang Wei"],
            "email": "w@example.org",
            "degree_level": "doctorate",
            "languages": ["German B2", "中文 母语", "en"],
            "skills": ["lasers"],
            "mode": "online",
            "local_from": "09:00",
            "consents": ["profile"],
        },
    )
    talent = Talent.objects.get()
    assert answer.status_code == 303, answer.content.decode()[:2000]
    assert answer["Location"] == _url("talent", edition, talent=talent.pk)
    assert talent.languages == [
        {"code": "de", "level": "B2"},
        {"code": "zh", "level": "native"},
        {"code": "en", "level": None},
    ]
    assert Consent.objects.get().purpose == "profile"
    page = client.get(answer["Location"]).content.decode()
    assert "王伟" in page and "German B2" in page and "w@example.org" in page
    form = client.get(_url("talent_edit", edition, talent=talent.pk))
    assert "German B2" in form.content.decode()
    answer = client.post(
        _url("talent_edit", edition, talent=talent.pk),
        {"names": ["王伟", "Wang Wei"], "institution": "ETH", "mode": "both", "version": 1},
    )
    talent.refresh_from_db()
    assert (answer.status_code, talent.institution, talent.version) == (303, "ETH", 2)
    # The record of changes is in words, the code of the event beside them.
    page = client.get(_url("talent", edition, talent=talent.pk)).content.decode()
    assert '<span title="participants.talent_updated">Talent edited</span>' in page
    assert "University or school" in page and ">institution<" not in page
    answer = client.post(
        _url("talent_edit", edition, talent=talent.pk),
        {"names": ["Other"], "institution": "MIT", "mode": "both", "version": 1},
    )
    assert answer.status_code == 409 and "MIT" in answer.content.decode()
    answer = client.post(
        _url("talent_edit", edition, talent=talent.pk),
        {"languages": ["Klingon!"], "mode": "both", "version": 2},
    )
    assert answer.status_code == 422 and "Klingon!" in answer.content.decode()
    refused = client.post(_url("talent_verify", edition, talent=talent.pk))
    assert refused.status_code == 422 and not Evidence.objects.filter(rung="verified").exists()
    client.post(_url("talent_verify", edition, talent=talent.pk), {"seen": "passport"})
    row = Evidence.objects.get(rung="verified")
    assert (row.source_kind, row.source_id) == ("check", "passport")
    page = client.get(_url("talent", edition, talent=talent.pk)).content.decode()
    assert (
        "Verified" in page
        and _url("evidence_withdraw", edition, talent=talent.pk, evidence=row.pk) in page
    )
    answer = client.post(
        _url("evidence_withdraw", edition, talent=talent.pk, evidence=row.pk), {"reason": "wrong"}
    )
    assert answer.status_code == 303 and Evidence.objects.filter(withdraws=row).exists()


def test_the_list_filters_searches_verifies_and_exports() -> None:
    edition = make.edition()
    for name in ("Ada Lovelace", "王伟", "Grace Hopper"):
        make.talent(
            edition,
            name,
            email=f"{name[0]}@example.org" if name.isascii() else "",
            degree_level="master",
        )
    person = Talent.objects.get(person__name="王伟").person
    person.names.create(text="Wang Wei", key="wang wei")
    make.talent(make.edition(), "Elsewhere")
    client = _client(make.office(edition))
    url = _url("talents", edition)

    def names(**query: str) -> set[str]:
        page = client.get(url, query).content.decode()
        return {n for n in ("Ada Lovelace", "王伟", "Grace Hopper", "Elsewhere") if n in page}

    assert names() == {"Ada Lovelace", "王伟", "Grace Hopper"}
    assert 'type="search"' in client.get(url).content.decode()
    assert names(q="wang wei") == {"王伟"}
    assert names(q="G@exam") == {"Grace Hopper"}
    ada = Talent.objects.get(person__name="Ada Lovelace")
    asked = client.post(url, {"action": "verify", "ids": [str(ada.pk)], "confirmed": "1"})
    assert asked.status_code == 422 and "Which paper did you look at?" in asked.content.decode()
    assert names(verified="yes") == set()
    chosen = {"action": "verify", "ids": [str(ada.pk)], "confirmed": "1", "choice": "degree"}
    client.post(url, chosen)
    assert names(verified="yes") == {"Ada Lovelace"}
    assert names(verified="no") == {"王伟", "Grace Hopper"}
    file = b"".join(client.get(url, {"export": "csv", "verified": "no"})).decode("utf-8-sig")
    assert "Wang Wei" in file and "Grace Hopper" in file and "Ada" not in file
    assert Entry.objects.filter(event="participants.talents_exported").count() == 1


@pytest.mark.parametrize("export", [False, True])
def test_a_list_asks_as_often_for_three_as_for_one(
    export: bool, django_assert_max_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    edition = make.edition()
    client = _client(make.office(edition))
    counts = []
    for _number in range(2):
        make.talent(edition, "A Name", "Another")
        make.delegate(edition, make.organisation(edition, "Firm"))
        asked = 0
        for name in ("talents", "organisations", "delegates"):
            client.get(_url(name, edition))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                answer = client.get(_url(name, edition), {"export": "csv"} if export else {})
                if export:
                    b"".join(answer)
            asked += len(queries)
        counts.append(asked)
    assert counts[0] == counts[1]


def test_who_opens_which_page() -> None:
    edition = make.edition()
    talent = make.talent(edition, "Ada", consents=("profile",))
    hidden = make.talent(edition, "Hidden")
    firm = make.organisation(edition)
    delegate = make.delegate(edition, firm)
    clients = {
        "nobody": Client(),
        "stranger": _client(make.office(make.edition())),
        "press": _client(make.holder("press", edition)),
        "auditor": _client(make.holder("auditor", edition)),
        "office": _client(make.office(edition)),
        "talent": _client(make.with_account(talent)),
        "delegate": _client(make.with_account(delegate)),
    }
    kwargs = {"talent": talent.pk}
    allowed = {
        "talents": {"auditor", "office", "delegate"},
        "talent_new": {"office"},
        "talent": {"auditor", "office", "delegate", "talent"},
        "talent_edit": {"office", "talent"},
        "talent_data": {"office", "talent"},
        "organisations": set(clients),
        "organisation_new": {"office"},
        "organisation": set(clients),
        "organisation_edit": {"office", "delegate"},
        "delegate_new": {"office", "delegate"},
        "delegates": {"auditor", "office"},
        "delegate_edit": {"office", "delegate"},
        "candidates": {"office"},
        "person_erase": {"office", "talent"},
        "own": {"talent"},
        "own_consents": {"talent"},
        "own_data": {"talent"},
        "own_erase": {"talent"},
    }
    things = {
        "talent": talent.pk,
        "organisation": firm.pk,
        "delegate": delegate.pk,
        "person": talent.person_id,
    }
    needs = {
        "talent": ["talent"], "talent_edit": ["talent"], "talent_data": ["talent"],
        "organisation": ["organisation"], "organisation_edit": ["organisation"],
        "delegate_new": ["organisation"], "delegate_edit": ["delegate"], "person_erase": ["person"],
    }  # fmt: skip
    found = {}
    for name in allowed:
        kwargs = {thing: things[thing] for thing in needs.get(name, [])}
        url = _url(name, edition, **kwargs)
        found[name] = {
            role for role, client in clients.items() if client.get(url).status_code == 200
        }
    assert found == allowed
    for role in ("delegate", "press", "talent", "nobody"):
        answer = clients[role].get(_url("talent", edition, talent=hidden.pk))
        assert answer.status_code in (302, 403, 404), role
    for role in ("delegate",):
        assert clients[role].get(_url("talents", edition), {"export": "csv"}).status_code == 404


def test_somebody_shares_downloads_and_erases() -> None:
    edition = make.edition()
    account = make.user("ada@example.org", name="Ada Lovelace")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    services.create_talent(
        actor_for(account),
        CreateTalent(
            edition=edition.pk,
            facts=TalentFacts(names=[Name("Ada Lovelace")], skills=["maths"]),
            own=True,
        ),
    )
    page = client.get(_url("own", edition)).content.decode()
    assert "Ada Lovelace" in page and "maths" in page and "Registered".casefold() in page.casefold()
    client.post(_url("own_consents", edition), {"purposes": ["profile", "contact"]})
    assert Consent.objects.filter(withdrawn_at__isnull=True).count() == 2
    assert client.get(_url("own_edit", edition)).status_code == 302
    client.post(_url("own_withdraw", edition), {"withdrawn": "1"})
    assert Talent.objects.get().withdrawn_at is not None
    told = json.loads(client.get(_url("own_data", edition)).content)
    assert told["records"][0]["email"] == "ada@example.org"
    page = client.get(_url("own_erase", edition)).content.decode()
    assert "1 form of the name" in page and "2 consents" in page
    assert "the copy here is deleted 180 days after" in page
    assert client.post(_url("own_erase", edition), {}).status_code == 422
    assert client.post(_url("own_erase", edition), {"sure": "on"}).status_code == 303
    assert Person.objects.get().erased_at is not None
    office = _client(make.office(edition))
    page = office.get(_url("talent", edition, talent=Talent.objects.get().pk)).content.decode()
    assert "Erased" in page and "Ada" not in page


def test_an_organisation_and_its_delegates() -> None:
    edition = make.edition()
    client = _client(make.office(edition))
    answer = client.post(
        _url("organisation_new", edition),
        {"name__en": "Acme", "kind": "institute", "mode": "both", "website": "acme.example"},
    )
    assert answer.status_code == 303, answer.content.decode()[:3000]
    firm = Organisation.objects.get()
    answer = client.post(
        _url("delegate_new", edition, organisation=firm.pk),
        {
            "names": ["Dana"],
            "email": "dana@example.org",
            "title": "Head",
            "role": "head",
            "mode": "onsite",
        },
    )
    assert answer.status_code == 303, answer.content.decode()[:3000]
    delegate = Delegate.objects.get()
    page = client.get(_url("organisation", edition, organisation=firm.pk)).content.decode()
    assert "Acme" in page and "dana@example.org" in page and "https://acme.example" in page
    public = Client().get(_url("organisation", edition, organisation=firm.pk)).content.decode()
    assert "Acme" in public and "dana" not in public.casefold()
    answer = client.post(
        _url("delegate_edit", edition, delegate=delegate.pk),
        {"names": ["Dana"], "title": "Director", "mode": "both", "version": 1},
    )
    delegate.refresh_from_db()
    assert (answer.status_code, delegate.title) == (303, "Director")
    client.post(_url("delegate_withdraw", edition, delegate=delegate.pk), {"withdrawn": "1"})
    client.post(_url("organisation_withdraw", edition, organisation=firm.pk), {"withdrawn": "1"})
    # A visitor is asked to sign in; nothing says that there is such an organisation.
    assert Client().get(_url("organisation", edition, organisation=firm.pk)).status_code == 302
    mine = _client(make.with_account(make.delegate(edition, firm)))
    answer = mine.post(
        _url("organisation_edit", edition, organisation=firm.pk),
        {"name__en": "Acme Labs", "version": 1},
    )
    assert answer.status_code in (303, 404)


def test_pairs_are_decided_one_by_one() -> None:
    edition = make.edition()
    first, second = (
        make.talent(edition, "王伟", phone="13800138000"),
        make.talent(edition, "Wang Wei", phone="+8613800138000"),
    )
    third, fourth = make.talent(edition, "李娜"), make.talent(edition, "Na Li")
    client = _client(make.office(edition))
    page = client.get(_url("candidates", edition)).content.decode()
    assert "2 pairs" in page and "the same telephone number" in page
    pair = {"first": first.person_id, "second": second.person_id}
    assert "王伟" in client.get(_url("compare", edition, **pair)).content.decode()
    answer = client.post(_url("decide", edition, **pair), {"answer": "second"})
    assert answer.status_code == 303 and "same-person" in answer["Location"]
    merge = Merge.objects.get()
    assert merge.keep_id == second.person_id
    other = {"first": third.person_id, "second": fourth.person_id}
    client.post(_url("decide", edition, **other), {"answer": "not_same"})
    assert NotSame.objects.count() == 1
    assert "No records look alike" in client.get(_url("candidates", edition)).content.decode()
    client.post(_url("merge_undo", edition, merge=merge.pk))
    assert "1 pair " in client.get(_url("candidates", edition)).content.decode()
    stranger = _client(make.office(make.edition()))
    assert stranger.post(_url("decide", edition, **pair), {"answer": "first"}).status_code in (
        403,
        404,
    )


def test_a_clash_is_told_where_the_decision_was_made() -> None:
    edition = make.edition()
    first, second = make.talent(edition, "A One"), make.talent(edition, "A Two")
    make.with_account(first)
    make.with_account(second)
    client = _client(make.office(edition))
    pair = {"first": first.person_id, "second": second.person_id}
    assert "account" in client.get(_url("compare", edition, **pair)).content.decode()
    answer = client.post(_url("decide", edition, **pair), {"answer": "first"}, follow=True)
    assert "an account of their own" in answer.content.decode()
    assert not Merge.objects.exists()


def test_a_merged_record_leads_to_the_one_that_was_kept() -> None:
    edition = make.edition()
    office = make.office(edition)
    keep, drop = make.talent(edition, "Ada"), make.talent(edition, "Ada L.")
    services.merge_persons(
        office, MergePersons(keep=keep.person_id, drop=drop.person_id, edition=edition.pk)
    )
    services.verify_talents(
        office, VerifyTalents(edition=edition.pk, talents=[keep.pk], seen="passport")
    )
    page = _client(office).get(_url("talent", edition, talent=drop.pk)).content.decode()
    assert "Merged records" in page
