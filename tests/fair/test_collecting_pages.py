"""Collecting and publishing as pages, over the API and from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from talex.accounts.models import User
from talex.core import clock
from talex.core.actor import Actor
from talex.core.translated import TranslatedText
from talex.editions.models import RoleGrant
from talex.fair.collecting.models import Quota, Stage, Submission
from talex.fair.models import Opening
from talex.fair.publishing.models import PublishedList
from talex.participants.credentials.models import Case
from talex.participants.models import Participation
from tests.fair import factories as make
from tests.fair.collecting_tree import Tree, state, sub

pytestmark = pytest.mark.django_db


class Pages(Tree):
    """The tree with somebody signed in for each."""

    def __init__(self) -> None:
        super().__init__()
        self.quota(self.district, 2)
        self.clients = {"nobody": Client()}
        self.actors: dict[str, Actor] = {}
        for name in ("district", "elsewhere", "company"):
            actor, _address = self.delegate(getattr(self, name))
            self.actors[name] = actor
            self.clients[name] = self.signed(User.objects.get(pk=actor.user))
        user = User.objects.create(email="office@example.org")
        RoleGrant.objects.create(edition=self.edition, user=user, role="organiser")
        self.clients["office"] = self.signed(user)
        auditor = User.objects.create(email="auditor@example.org")
        RoleGrant.objects.create(edition=self.edition, user=auditor, role="auditor")
        self.clients["auditor"] = self.signed(auditor)
        self.opening = self.write(self.actors["company"], self.company)
        self.one = sub(self.opening)

    def signed(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def url(self, name: str, **more: Any) -> str:
        return reverse(name, kwargs={"edition": self.edition.slug, **more})

    def get(self, who: str, name: str, query: str = "", **more: Any) -> int:
        return self.clients[who].get(self.url(name, **more) + query).status_code

    def api(self, who: str, method: str, path: str, body: Any = None) -> Any:
        return self.clients[who].generic(
            method,
            f"/api/editions/{self.edition.slug}{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
        )


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        # nobody, another district, the company, its district, auditor, office
        ("queue", [302, 403, 403, 200, 200, 200]),
        ("companies", [302, 403, 403, 200, 200, 200]),
        ("quotas", [302, 403, 403, 200, 200, 200]),
        ("quota", [302, 403, 403, 200, 403, 200]),
        ("rules", [302, 403, 403, 403, 403, 200]),
        ("mine", [302, 200, 200, 200, 403, 403]),
        ("submission", [302, 404, 200, 200, 200, 200]),
        ("return", [302, 403, 403, 200, 200, 200]),
    ],
)
def test_each_sees_their_own_pages(pages: Pages, name: str, wanted: list[int]) -> None:
    more = {"pk": pages.one.pk} if name == "submission" else {}
    query = f"?id={pages.one.pk}" if name == "return" else ""
    people = ["nobody", "elsewhere", "company", "district", "auditor", "office"]
    assert [pages.get(who, f"collecting:{name}", query, **more) for who in people] == wanted


def test_another_district_s_collector_sees_nothing_of_it(pages: Pages) -> None:
    pages.quota(pages.elsewhere)
    assert pages.get("elsewhere", "collecting:queue") == 200
    for name in ("queue", "companies", "quotas"):
        page = pages.clients["elsewhere"].get(pages.url(f"collecting:{name}"))
        assert "Laser" not in page.content.decode(), name
        assert "Hongshan" not in page.content.decode(), name
    assert pages.get("elsewhere", "collecting:submission", pk=pages.one.pk) == 404
    assert pages.get("elsewhere", "collecting:return", f"?id={pages.one.pk}") == 404


def test_the_auditor_changes_nothing(pages: Pages) -> None:
    pages.forward(pages.actors["district"], pages.opening)
    answer = pages.clients["auditor"].post(pages.url("collecting:approve", pk=pages.one.pk))
    assert answer.status_code == 403
    back = pages.url("collecting:return") + f"?id={pages.one.pk}"
    assert pages.clients["auditor"].post(back, {"faults": ["pay"]}).status_code == 403
    assert sub(pages.opening).stage == Stage.PASSED


def test_many_are_passed_on_and_approved_by_the_lists(pages: Pages) -> None:
    second = pages.write(pages.actors["company"], pages.company, "Second")
    queue = pages.url("collecting:queue")
    sent = {"ids": [str(pages.one.pk), str(sub(second).pk)], "confirmed": "1"}
    pages.clients["district"].post(queue, {**sent, "action": "pass"})
    assert Submission.objects.filter(stage=Stage.PASSED).count() == 2
    # Approving is not offered to a collector, nor done by its address.
    denied = pages.clients["district"].post(queue, {**sent, "action": "approve"})
    assert denied.status_code == 403
    pages.clients["office"].post(queue, {**sent, "action": "approve"})
    assert [state(pages.opening), state(second)] == ["open", "open"]


def test_a_late_click_is_told_what_changed(pages: Pages) -> None:
    seen = pages.one.version
    pages.change(pages.actors["company"], pages.opening, region="Wuhan")
    url = pages.url("collecting:pass", pk=pages.one.pk)
    assert pages.clients["district"].post(url, {"version": str(seen)}).status_code == 409
    fresh = {"version": str(sub(pages.opening).version)}
    assert pages.clients["district"].post(url, fresh).status_code == 302
    # And beyond what is left.
    pages.quota(pages.district, 1)
    more = pages.write(pages.actors["company"], pages.company, "More")
    refused = pages.clients["district"].post(pages.url("collecting:pass", pk=sub(more).pk))
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "Left: 0" in text
    # On the submission's own page, where one goes on; not the page that speaks of changed data.
    assert "More" in text and pages.url("collecting:return") in text
    assert "Something changed meanwhile" not in text


def test_the_company_reads_where_an_opening_stands_and_what_is_next(pages: Pages) -> None:
    from talex.editions.next_steps import next_steps

    company, actor = pages.clients["company"], pages.actors["company"]

    def keys() -> set[str]:
        return {step.key for step in next_steps(actor, pages.edition)}

    empty = company.get(pages.url("fair:new")).content.decode()
    field = sorted(set(re.findall(r'name="(title[^"]*)"', empty)))[0]
    form = {
        "organisation": str(pages.company.pk), "kind": "job", field: "Fitter",
        "mode": "both", "state": "draft",
    }  # fmt: skip
    assert "collecting.hand_in" not in keys()
    saved = company.post(pages.url("fair:new"), form, follow=True)
    assert saved.redirect_chain, saved.context["form"].errors
    text = saved.content.decode()
    made = Opening.objects.get(title_line="Fitter")
    hand_in = pages.url("collecting:hand_in", opening=made.pk)
    assert "is saved. It is a draft and was not handed in" in text and hand_in in text
    assert "collecting.hand_in" in keys()
    assert company.post(hand_in).status_code == 302
    page = company.get(pages.url("fair:opening", pk=made.pk)).content.decode()
    assert "It is with Hongshan" in page and hand_in not in page
    assert "collecting.hand_in" not in keys()
    told = company.post(
        pages.url("fair:new"), {**form, field: "Welder", "state": "open"}, follow=True
    )
    assert "is saved. It is with Hongshan" in told.content.decode()
    # Others read nothing of it; without review nothing is to be handed in.
    open_one = pages.url("fair:opening", pk=pages.opening.pk)
    pages.forward(pages.actors["district"], pages.opening)
    pages.approve(pages.opening)
    for who in ("company", "nobody"):
        assert "Where it stands" not in pages.clients[who].get(open_one).content.decode()


def test_the_company_s_form_hands_in_and_goes_on_from_what_waits(pages: Pages) -> None:
    pages.forward(pages.actors["district"], pages.opening)
    pages.approve(pages.opening)
    pages.change(pages.actors["company"], pages.opening, region="Xi'an")
    form = pages.clients["company"].get(pages.url("fair:edit", pk=pages.opening.pk))
    assert "Xi&#x27;an" in form.content.decode()
    assert "Hand it in" in form.content.decode()
    office = pages.clients["office"].get(pages.url("fair:edit", pk=pages.opening.pk))
    assert "Xi&#x27;an" not in office.content.decode()
    public = Client().get(pages.url("fair:opening", pk=pages.opening.pk))
    assert "Xi&#x27;an" not in public.content.decode()
    page = pages.clients["company"].get(pages.url("collecting:submission", pk=pages.one.pk))
    assert "What is to change" in page.content.decode()


def test_the_way_over_the_api(pages: Pages) -> None:
    district, company, office = "district", "company", "office"
    ids = {"ids": [str(pages.one.pk)]}
    rows = pages.api(district, "GET", "/collecting/submissions?stage=handed_in").json()
    assert [row["opening"] for row in rows] == [str(pages.opening.pk)]
    assert pages.api("elsewhere", "GET", "/collecting/submissions").json() == []
    assert pages.api("nobody", "GET", "/collecting/submissions").status_code == 401
    answer = pages.api(district, "POST", "/collecting/return", {**ids, "faults": []})
    assert answer.status_code == 422
    answer = pages.api(district, "POST", "/collecting/return", {**ids, "faults": ["pay"]})
    assert answer.json() == {"done": 1, "left": 0}
    path = f"/collecting/openings/{pages.opening.pk}/hand-in"
    assert pages.api(district, "POST", path).status_code in (403, 404)
    assert pages.api(company, "POST", path).json()["stage"] == "handed_in"
    assert pages.api(company, "POST", "/collecting/pass", ids).status_code == 403
    assert pages.api(district, "POST", "/collecting/pass", ids).json()["done"] == 1
    assert pages.api(district, "POST", "/collecting/pass", ids).status_code == 409
    assert pages.api(district, "POST", "/collecting/approve", ids).status_code == 403
    assert pages.api(office, "POST", "/collecting/approve", ids).json() == {"done": 1, "left": 0}
    one = pages.api(company, "GET", f"/collecting/submissions/{pages.one.pk}").json()
    assert [step["act"] for step in one["steps"]] == [
        "hand_in", "return", "hand_in", "pass", "approve",
    ]  # fmt: skip
    (quota,) = pages.api(district, "GET", "/collecting/quotas").json()
    assert (quota["openings"], quota["used"]) == (2, 1)
    path = f"/collecting/quotas/{pages.district.pk}"
    assert pages.api(district, "PUT", path, {"openings": 9}).status_code == 403
    assert pages.api(office, "PUT", path, {"openings": 0}).status_code == 422
    assert pages.api(office, "PUT", path, {"openings": 1}).json()["openings"] == 1
    counts = pages.api(district, "GET", "/collecting/companies").json()
    assert {row["name"]["en"]: row["approved"] for row in counts}["Laser Works"] == 1
    assert pages.api(office, "PUT", "/collecting/rules", {"reviewed": False}).json() == {
        "reviewed": False
    }
    assert pages.api(office, "DELETE", path).json()["done"] == 1
    assert not Quota.objects.exists()


def test_a_list_is_published_and_read_over_the_api(pages: Pages) -> None:
    assert pages.api("company", "POST", "/opening-lists", {}).status_code == 403
    assert pages.api("office", "POST", "/opening-lists", {}).status_code == 409
    pages.forward(pages.actors["district"], pages.opening)
    pages.approve(pages.opening)
    made = pages.api("office", "POST", "/opening-lists", {"note": {"en": "First"}, "after": 0})
    assert (made.status_code, made.json()["number"]) == (201, 1)
    (one,) = pages.api("nobody", "GET", "/opening-lists").json()
    assert one["note"] == {"en": "First"}
    for version in ("latest", "1"):
        (entry,) = pages.api("nobody", "GET", f"/opening-lists/{version}/entries").json()
        assert entry["posting"]["title"] == "Laser engineer"
    assert pages.api("nobody", "GET", "/opening-lists/x/entries").status_code == 404
    Opening.objects.update(state="closed")
    (entry,) = pages.api("nobody", "GET", "/opening-lists/1/entries").json()
    assert (entry["gone"], entry["posting"]) == (True, None)
    assert state(pages.opening) == "closed"


def test_publishing_and_exporting_from_the_command_line(tmp_path: Path) -> None:
    from talex.cli.commands.openings import command

    where = make.edition()
    company = make.organisation(where, "长江汽车")
    make.opening(where, company, "电池工程师")
    run = CliRunner()

    def talex(*arguments: str) -> Any:
        return run.invoke(command, [*arguments, "--edition", where.slug])

    assert talex("publish", "--note", "New").exit_code == 0
    assert talex("publish").exit_code != 0
    assert PublishedList.objects.get().note["en"].text == "New"
    assert "1" in talex("versions").output
    table, feed = tmp_path / "list.xlsx", tmp_path / "list.jsonld"
    assert talex("export", str(table)).exit_code == 0
    assert openpyxl.load_workbook(table).active["A2"].value == "电池工程师"
    assert talex("export", str(feed), "--version", "1").exit_code == 0
    assert json.loads(feed.read_text())["numberOfItems"] == 1
    assert talex("export", str(tmp_path / "list.pdf")).exit_code != 0
    assert talex("verify").exit_code == 0
    PublishedList.objects.update(digest="0" * 64)
    assert talex("verify").exit_code != 0


def _returned(pages: Pages) -> None:
    pages.back(pages.actors["district"], pages.opening)


def test_mending_presets_to_hand_in_and_a_saved_draft_says_that_it_is_not(pages: Pages) -> None:
    company = pages.clients["company"]
    page = pages.url("fair:opening", pk=pages.opening.pk)
    hand_in = pages.url("collecting:hand_in", opening=pages.opening.pk)
    waits = company.get(page).content.decode()
    assert "Handed in" in waits and "Draft" not in waits and hand_in not in waits
    _returned(pages)
    form = company.get(pages.url("fair:edit", pk=pages.opening.pk)).context["form"]
    assert form.initial["state"] == "open"
    assert str(form.fields["state"].choices[0][1]).startswith("Hand it in again")
    text = company.get(page).content.decode()
    assert hand_in in text and "Hand it in again" in text and "Change it and hand it in" in text
    pages.change(pages.actors["company"], pages.opening, state="draft", region="Xi'an")
    text = company.get(page).content.decode()
    assert "is not handed in again yet" in text and hand_in in text
    assert (
        hand_in in company.get(pages.url("collecting:submission", pk=pages.one.pk)).content.decode()
    )
    assert company.post(hand_in).status_code == 302
    text = company.get(page).content.decode()
    assert "It is with Hongshan" in text and hand_in not in text
    # Whoever adds one has nothing to close.
    fresh = company.get(pages.url("fair:new")).context["form"].fields["state"].choices
    assert [value for value, _label in fresh] == ["open", "draft"]


def test_a_collector_reads_what_was_handed_in_never_the_draft(pages: Pages) -> None:
    company, district = pages.actors["company"], pages.clients["district"]
    one = pages.url("collecting:submission", pk=pages.one.pk)
    read = [
        one,
        pages.url("collecting:queue"),
        pages.url("collecting:return") + f"?id={pages.one.pk}",
    ]

    def seen(who: str) -> list[bool]:
        texts = [pages.clients[who].get(url).content.decode() for url in read]
        return ["Secret plan" in text for text in texts]

    _returned(pages)
    draft = {"state": "draft", "title": TranslatedText.of("Secret plan"), "region": "Xi'an"}
    pages.change(company, pages.opening, **draft)
    pages.change(company, pages.opening, **draft, headcount=3)
    assert seen("district") == [False] * 3
    text = district.get(one).content.decode()
    assert "Laser engineer" in text and "Xi&#x27;an" not in text
    assert seen("company")[0] and seen("office")[0]

    def found(who: str, words: str) -> bool:
        """Whether the queue finds it: that would tell what the draft says as well."""
        text = pages.clients[who].get(f"{read[1]}?q={words}").content.decode()
        return one in text

    assert found("district", "laser+ENGINEER") and found("office", "secret")
    assert not any(found("district", words) for words in ("secret", "laser+secret", "xi%27an"))
    assert not found("office", "engineer")
    for path in (f"/collecting/submissions/{pages.one.pk}", "/collecting/submissions"):
        assert "Secret plan" not in pages.api("district", "GET", path).content.decode()
    assert pages.api("district", "GET", f"/openings/{pages.opening.pk}").status_code == 404
    company_hands_in = pages.url("collecting:hand_in", opening=pages.opening.pk)
    assert pages.clients["company"].post(company_hands_in).status_code == 302
    assert seen("district") == [True] * 3


def test_nor_what_is_written_on_in_a_closed_one(pages: Pages) -> None:
    company = pages.actors["company"]
    pages.forward(pages.actors["district"], pages.opening)
    pages.approve(pages.opening)
    mine = pages.url("collecting:mine")
    pages.change(company, pages.opening, state="closed")
    text = pages.clients["company"].get(mine).content.decode()
    assert "it can be opened again" in text and "Talents see it while it is open" not in text
    pages.change(company, pages.opening, state="closed", title=TranslatedText.of("Secret plan"))
    one = pages.url("collecting:submission", pk=pages.one.pk)
    assert "Secret plan" not in pages.clients["district"].get(one).content.decode()
    pages.change(pages.actors["company"], pages.opening, title=TranslatedText.of("Known plan"))
    assert sub(pages.opening).handed_in == {}
    assert "Known plan" in pages.clients["district"].get(one).content.decode()


def test_a_refused_company_is_not_offered_to_hand_in(pages: Pages) -> None:
    draft = pages.write(pages.actors["company"], pages.company, "Fitter", state="draft")
    Participation.objects.filter(organisation=pages.company).update(pending_since=clock.now())
    case = Case.objects.create(
        edition=pages.edition, kind="employer", organisation=pages.company, state="waiting"
    )
    hand_in = pages.url("collecting:hand_in", opening=draft.pk)
    read = pages.url("collecting:mine"), pages.url("fair:opening", pk=draft.pk)
    company = pages.clients["company"]
    # Who waits to be let in hands in already.
    assert [hand_in in company.get(url).content.decode() for url in read] == [True, True]
    Case.objects.filter(pk=case.pk).update(
        state="refused",
        reason="other",
        note="Not of our trade",
        decided_by=pages.actors["company"].user,
        decided_at=clock.now(),
    )
    for url in read:
        text = company.get(url).content.decode()
        assert hand_in not in text and "Not of our trade" in text and "Next:" not in text
    path = f"/collecting/openings/{draft.pk}/hand-in"
    assert pages.api("company", "POST", path).status_code == 422
    assert not Submission.objects.filter(opening=draft).exists()


def test_what_waits_of_a_company_that_was_refused_is_not_passed_on(pages: Pages) -> None:
    Participation.objects.filter(organisation=pages.company).update(pending_since=clock.now())
    Case.objects.create(
        edition=pages.edition, kind="employer", organisation=pages.company, state="refused",
        reason="other", note="Not of our trade", decided_at=clock.now(),
        decided_by=pages.actors["company"].user,
    )  # fmt: skip
    told = pages.clients["district"].post(pages.url("collecting:pass", pk=pages.one.pk))
    assert told.status_code == 409 and "refused or suspended" in told.content.decode()
    assert sub(pages.opening).stage == Stage.HANDED_IN and not sub(pages.opening).holds
    # Nor does its own page say that it is on its way.
    page = pages.clients["company"].get(pages.url("fair:opening", pk=pages.opening.pk))
    assert "Not of our trade" in page.content.decode()
    assert "passes it on" not in page.content.decode()
