"""Campaigns through pages and the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from talex.editions.models import Edition, RoleGrant
from talex.messages.campaigns import running
from talex.messages.campaigns.models import Addressee, Campaign, State, Template
from talex.messages.models import Message
from talex.messages.models import State as Sent
from tests.keys import KEY
from tests.messages.campaigns import factories as write
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def signed_in(edition: Edition, role: str = "organiser") -> Client:
    client = Client()
    account = make.user()
    RoleGrant.objects.create(user=account, edition=edition, role=role)
    client.force_login(account)
    return client


def test_from_the_text_to_the_last_mail_by_pages() -> None:
    edition = make.edition()
    reader = write.talent(edition, 1, "de")
    other = write.talent(edition, 2, "zh-hans")
    author, second = signed_in(edition), signed_in(edition)
    base = f"/e/{edition.slug}/campaigns/"
    assert f"{base}texts/new/" in author.get(base).content.decode()
    form: dict[str, Any] = {"name": "Opening", "subject__en": "News", "text__en": "Hi {nam}"}
    refused = author.post(f"{base}texts/new/", form)
    assert refused.status_code == 422 and "{nam}" in refused.content.decode()
    made = author.post(f"{base}texts/new/", {**form, "text__en": "Hi {name}"})
    template = Template.objects.get()
    assert made["Location"].endswith(f"/texts/{template.pk}/")
    edited = author.post(
        f"{base}texts/{template.pk}/edit/",
        {"name": "Opening", "based_on": 1, "subject__de": "Neu", "text__de": "Hallo {name}"},
    )
    assert edited.status_code == 303
    seen = author.get(f"{base}texts/{template.pk}/?to={reader.person_id}").content.decode()
    assert "Hallo Talent 1" in seen
    assert "Hi {name}" in author.get(f"{base}texts/{template.pk}/?version=1").content.decode()
    assert author.get(f"{base}texts/{template.pk}/?version=9").status_code == 404
    author.post(
        f"{base}new/",
        {"name": "Go", "template": template.pk, "audience": "talents", "per_minute": 600},
    )
    campaign = Campaign.objects.get()
    here = f"{base}{campaign.pk}/"
    asked = author.post(f"{here}audience/", {"language": "de", "counted": "1"})
    assert asked["Location"].endswith("/audience/?language=de&counted=1")  # and no token
    counted = author.get(asked["Location"]).content.decode()
    assert counted.count("zh-hans") and Campaign.objects.get().filters == {}
    kept = author.post(f"{here}audience/", {"language": "zh-hans", "revision": 1})
    assert kept.status_code == 303
    assert Campaign.objects.get().filters == {"language": "zh-hans"}
    # Nobody is shown by name in the text unasked: the office chooses the reader.
    assert "Hallo Talent 2" not in author.get(here).content.decode()
    page = author.get(f"{here}?to={other.person_id}").content.decode()
    assert "Hallo Talent 2" in page and "Talent 1" not in page
    assert "简体中文" in page or "Chinese" in page  # the text lacks it
    author.post(f"{here}change/", {"act": "test"})
    assert Message.objects.get(kind="campaigns.test").text.startswith("Hallo")
    author.post(f"{here}change/", {"act": "submit", "revision": 2})
    author.post(f"{here}change/", {"act": "approve", "revision": 3})
    assert Campaign.objects.get().state == State.SUBMITTED
    assert 'value="approve"' not in author.get(here).content.decode()
    assert 'value="approve"' in second.get(here).content.decode()
    second.post(f"{here}change/", {"act": "approve", "revision": 3})
    assert running.step() == 1
    listed = second.get(f"{here}people/").content.decode()
    assert "t2@mail.example.com" in listed and "t1@mail" not in listed
    assert second.post(f"{here}change/", {"act": "pause"}).status_code == 303
    assert Campaign.objects.get().state == State.DONE


def test_who_sees_the_pages() -> None:
    edition = make.edition()
    write.talent(edition, 1)
    made = write.running(edition)
    base = f"/e/{edition.slug}/campaigns/"
    paths = ["", "texts/", f"texts/{made.template_id}/", f"{made.pk}/", f"{made.pk}/people/"]
    for role, answer in (("auditor", 200), ("press", 403), ("judge", 403)):
        client = signed_in(edition, role)
        for path in paths:
            assert client.get(base + path).status_code == answer, (role, path)
        for path in (f"{made.pk}/change/", f"texts/{made.template_id}/change/"):
            assert client.post(base + path, {"act": "stop"}).status_code in (403, 404)
    elsewhere = make.edition()
    client = signed_in(elsewhere)
    assert client.get(f"/e/{elsewhere.slug}/campaigns/{made.pk}/").status_code == 404
    made.refresh_from_db()
    assert made.state == State.RUNNING


def test_the_api_does_the_same() -> None:
    edition = make.edition()
    reader = write.talent(edition, 1)
    author, second = signed_in(edition), signed_in(edition)
    api = f"/api/editions/{edition.slug}"

    def post(client: Client, path: str, data: Any, status: int = 200, **head: str) -> Any:
        answer = client.post(api + path, data, content_type="application/json", headers=head)
        assert answer.status_code == status, answer.content
        return answer.json()

    text = {"name": "T", "subject": {"en": "S"}, "text": {"en": "Hi {name}"}}
    made = post(author, "/campaign-texts", text, 201, **{"Idempotency-Key": KEY})
    assert post(author, "/campaign-texts", text, 201, **{"Idempotency-Key": KEY}) == made
    post(author, "/campaign-texts", {**text, "text": {"en": "{x}"}}, 422)
    told = post(
        author, f"/campaign-texts/{made['id']}/test", {"reader": str(reader.person_id)}, 202
    )
    assert told == {"languages": ["en"]}
    assert "degree" in author.get(f"{api}/campaigns/audiences").json()["talents"]
    plan = {"name": "C", "template": made["id"], "audience": "talents", "per_minute": 60}
    campaign = post(author, "/campaigns", plan, 201)
    here = f"/campaigns/{campaign['id']}"
    put = author.put(
        api + here, {**plan, "name": "D", "revision": 1}, content_type="application/json"
    )
    assert put.json()["revision"] == 2
    stale = author.put(
        api + here, {**plan, "name": "E", "revision": 1}, content_type="application/json"
    )
    assert stale.status_code == 409
    for act in ("submit", "approve"):
        assert "revision" in str(post(author, f"{here}/{act}", {}, 422))
    early = {**plan, "not_before": "2020-01-01T00:00:00Z"}
    assert "not_before" in str(post(author, "/campaigns", early, 422))
    submitted = post(author, f"{here}/submit", {"revision": 2})
    assert submitted["outcomes"] == {"waiting": 1}
    post(author, f"{here}/approve", {"revision": 3}, 409)
    assert post(second, f"{here}/approve", {"revision": 3})["state"] == "running"
    assert post(second, f"{here}/pause", {})["state"] == "paused"
    assert post(second, f"{here}/resume", {})["state"] == "running"
    running.step()
    (row,) = second.get(f"{api}{here}/people?outcome=queued").json()
    assert row["address"] == "t1@mail.example.com" and row["message"]
    assert Addressee.objects.count() == 1
    assert signed_in(edition, "press").get(api + here).status_code == 403


def test_a_fault_opens_the_tab_of_its_language() -> None:
    edition = make.edition()
    author = signed_in(edition)
    refused = author.post(
        f"/e/{edition.slug}/campaigns/texts/new/",
        {
            "name": "N", "subject__en": "S", "text__en": "Hi {name}",
            "subject__de": "S", "text__de": "Hallo {nam}",
        },
    )  # fmt: skip
    page = refused.content.decode()
    assert refused.status_code == 422
    (part,) = [one for one in page.split("data-lang-part")[1:] if one.startswith(" data-faulty")]
    assert 'name="text__de"' in part
    assert 'href="#id_text__de"' in page


def test_what_only_delegates_have_is_told_when_the_text_is_saved() -> None:
    edition = make.edition()
    author = signed_in(edition)
    base = f"/e/{edition.slug}/campaigns/"
    form = {"name": "N", "subject__en": "S", "text__en": "For {organisation}"}
    saved = author.post(f"{base}texts/new/", form, follow=True).content.decode()
    assert "it can go to no other group" in saved
    template = Template.objects.get()
    plan = {"name": "Go", "template": template.pk, "audience": "talents", "per_minute": 600}
    author.post(f"{base}new/", plan)
    assert "cannot be submitted" in author.get(f"{base}texts/{template.pk}/").content.decode()
    campaign = Campaign.objects.get()
    assert "which only delegates have" in author.get(f"{base}{campaign.pk}/").content.decode()


def test_the_list_says_why_somebody_was_not_reached() -> None:
    edition = make.edition()
    write.talent(edition, 1)
    campaign = write.running(edition)
    second = signed_in(edition)
    assert running.step() == 1
    message = Message.objects.get(kind="campaigns.mail")
    for state, words in (
        (Sent.SUPPRESSED, "mails to this address come back"),
        (Sent.FAILED, "could not be delivered"),
        (Sent.BOUNCED, "sent it back"),
    ):
        Message.objects.filter(pk=message.pk).update(state=state, error="")
        people = f"/api/editions/{edition.slug}/campaigns/{campaign.pk}/people"
        (row,) = second.get(people).json()
        assert words in row["why"] and row["outcome"] == state
        page = f"/e/{edition.slug}/campaigns/{campaign.pk}/people/"
        assert words in second.get(page).content.decode().replace("&#x27;", "'")
        file = b"".join(second.get(f"{page}?export=csv").streaming_content).decode("utf-8-sig")
        assert words in file
    # Once the log has forgotten the message, its end is still known.
    campaign.addressees.update(result=Sent.SUPPRESSED, message=None)
    (row,) = second.get(people).json()
    assert words != row["why"] and "come back" in row["why"]
