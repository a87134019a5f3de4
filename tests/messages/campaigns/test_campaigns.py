"""Campaigns from the draft to the last mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from talex.accounts.actors import actor_for
from talex.core import clock
from talex.core.actor import SYSTEM
from talex.core.errors import Conflict, Invalid, NotAllowed, NotFound
from talex.core.translated import TranslatedText
from talex.core.work import work
from talex.editions.next_steps import next_steps
from talex.ledger.models import Entry
from talex.messages import digests, preferences
from talex.messages.campaigns import audiences, lists, queries, running, services, texts
from talex.messages.campaigns.erasing import PersonsCampaigns
from talex.messages.campaigns.models import Addressee, Campaign, Reason, State
from talex.messages.models import Message
from talex.messages.models import State as Sent
from talex.messages.sending import deliver, prune
from talex.messages.unsubscribing import Subscription
from talex.participants import services as people
from talex.participants.commands import WithdrawTalent
from tests.messages.campaigns import factories as write
from tests.messages.conftest import Box
from tests.participants import factories as make

pytestmark = pytest.mark.django_db


def address(number: int) -> str:
    return f"t{number}@mail.example.com"


def refuse(number: int, edition: Any) -> None:
    preferences.unsubscribe(Subscription(address(number), "news", edition.pk))


def minutes_later(monkeypatch: pytest.MonkeyPatch, minutes: float) -> None:
    now = clock.now() + timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_everybody_gets_it_once_in_their_language(box: Box) -> None:
    edition = make.edition()
    for number, language in enumerate(("de", "zh-hans", "en")):
        write.talent(edition, number, language)
    made = write.running(edition, per_minute=600)
    assert running.step() == 3
    assert running.step() == 0
    deliver()
    by_reader = {mail["To"]: mail for mail in box.taken if "@mail.example.com" in mail["To"]}
    assert by_reader[address(0)]["Subject"] == "Neues für Talent 0"
    assert by_reader[address(1)]["Subject"] == "Talent 1，新消息"
    assert by_reader[address(0)]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/mail/stop/" in by_reader[address(2)].get_content()
    made.refresh_from_db()
    assert made.state == State.DONE
    assert lists.counts(made) == {"sent": 3}
    (done,) = Entry.objects.filter(event="campaigns.done")
    assert '"written":3' in done.canonical


def test_who_had_a_hand_in_it_cannot_approve_it() -> None:
    edition = make.edition()
    write.talent(edition, 1)
    wrote, made, sent, second = (make.office(edition) for _ in range(4))
    template = write.text(wrote, edition)
    campaign = write.campaign(made, edition, template)
    plan = services.Plan("Spring 2", template.pk, "talents")
    campaign = services.edit_campaign(made, campaign.pk, plan, campaign.revision)
    campaign = services.submit(sent, campaign.pk, campaign.revision)
    for actor in (wrote, made, sent, SYSTEM):
        with pytest.raises(Conflict):
            services.approve(actor, campaign.pk, campaign.revision)
    with pytest.raises(NotAllowed):
        services.approve(make.holder("auditor", edition), campaign.pk, campaign.revision)
    with pytest.raises(NotFound):
        services.approve(make.office(make.edition()), campaign.pk, campaign.revision)
    assert running.step() == 0
    with pytest.raises(Conflict):  # what they read is not what it says now
        services.approve(second, campaign.pk, campaign.revision - 1)
    assert services.approve(second, campaign.pk, campaign.revision).state == State.RUNNING
    with pytest.raises(Conflict):  # a second click
        services.approve(second, campaign.pk, campaign.revision)


def test_the_office_is_told_and_a_campaign_can_be_given_back() -> None:
    edition = make.edition()
    write.talent(edition, 1)
    author = make.holder("organiser", edition, email="a@mail.example.com", language="de")
    second = make.holder("organiser", edition, email="b@mail.example.com", language="zh-hans")
    campaign = write.campaign(author, edition, write.text(author, edition))
    campaign = services.submit(author, campaign.pk, campaign.revision)
    (asked,) = Message.objects.filter(kind="campaigns.asked")
    assert asked.user_id == second.user
    with pytest.raises(Invalid):
        services.give_back(second, campaign.pk)
    campaign = services.give_back(second, campaign.pk, "Wrong day")
    (told,) = Message.objects.filter(kind="campaigns.returned")
    assert told.user_id == author.user and "Wrong day" in told.text
    assert campaign.state == State.DRAFT and not campaign.addressees.exists()
    campaign = services.submit(author, campaign.pk, campaign.revision)
    assert services.give_back(author, campaign.pk).note == ""  # taken back by its author


def test_it_waits_among_the_next_steps_of_whoever_can_approve_it() -> None:
    edition = make.edition()
    write.talent(edition, 1)
    author, second = make.office(edition), make.office(edition)
    others = [author, make.holder("auditor", edition)]
    made = write.campaign(author, edition, write.text(author, edition))

    def steps(actor: Any) -> list[Any]:
        found = next_steps(actor, edition)
        return [(one.url, one.count) for one in found if one.key == "campaigns.approve"]

    assert steps(second) == []
    made = services.submit(author, made.pk, made.revision)
    assert steps(second) == [(f"/e/{edition.slug}/campaigns/{made.pk}/", 1)]
    assert [steps(actor) for actor in others] == [[], []]
    services.approve(second, made.pk, made.revision)
    assert steps(second) == []


def test_the_text_and_the_list_are_fixed_when_submitted() -> None:
    edition = make.edition()
    write.talent(edition, 1)
    author, second = make.office(edition), make.office(edition)
    template = write.text(author, edition)
    made = write.campaign(author, edition, template)
    made = services.submit(author, made.pk, made.revision)
    write.talent(edition, 2)
    texts.edit_template(
        author,
        texts.EditTemplate(
            template.pk, 1, "Opening", TranslatedText({"en": "X"}), TranslatedText({"en": "Y"})
        ),
    )
    services.approve(second, made.pk, made.revision)
    assert running.step() == 1
    (message,) = Message.objects.filter(kind="campaigns.mail")
    assert message.address == address(1) and message.subject == "News for Talent 1"


def test_filters_narrow_and_unknown_ones_are_refused() -> None:
    edition = make.edition()
    write.talent(edition, 1, degree_level="doctorate")
    write.talent(edition, 2, "de", degree_level="master")
    office = make.office(edition)
    template = write.text(office, edition)
    made = write.campaign(office, edition, template, filters={"degree": "doctorate"})
    assert [one.to.email for one in lists.current(made)] == [address(1)]
    made.filters = {"language": "de"}
    assert [one.to.email for one in lists.current(made)] == [address(2)]
    for wrong in ({"degree": "baker"}, {"colour": "red"}):
        with pytest.raises(Invalid):
            write.campaign(office, edition, template, filters=wrong)
    with pytest.raises(Invalid) as refused:
        write.campaign(office, edition, template, audience="all", per_minute=0, name=" ")
    assert set(refused.value.fields) == {"audience", "per_minute", "name"}


def test_each_audience_reaches_its_people() -> None:
    edition = make.edition()
    office = make.holder("organiser", edition, email="office@mail.example.com")
    organisation = make.organisation(edition)
    delegate = make.delegate(edition, organisation)
    account = make.with_account(delegate).user
    template = write.text(office, edition, text={"en": "For {organisation}"}, subject={"en": "S"})
    made = write.campaign(office, edition, template, audience="delegates")
    (target,) = lists.current(made)
    assert target.holder == delegate.person_id and target.to.user == account
    names = audiences.organisations_of(edition, [target.holder])[target.holder]
    assert (
        str(organisation.name)
        in running.letter(made, template.wordings.get(), target, names).context["text"]
    )  # type: ignore[index]
    made = write.campaign(office, edition, template, audience="roles")
    assert [one.to.email for one in lists.current(made)] == ["office@mail.example.com"]
    with pytest.raises(Conflict):  # it speaks of organisations
        services.submit(office, made.pk, made.revision)


def test_an_empty_list_is_not_submitted() -> None:
    edition = make.edition()
    office = make.office(edition)
    made = write.campaign(office, edition, write.text(office, edition))
    with pytest.raises(Conflict):
        services.submit(office, made.pk, made.revision)
    refuse(1, edition)
    write.talent(edition, 1)
    refuse(1, edition)
    with pytest.raises(Conflict):
        services.submit(office, made.pk, made.revision)
    assert not Addressee.objects.exists()


def test_the_pace_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = make.edition()
    for number in range(9):
        write.talent(edition, number)
    made = write.running(edition, per_minute=4)
    assert [running.step() for _ in range(6)] == [1, 1, 1, 1, 0, 0]
    minutes_later(monkeypatch, 1.01)
    assert [running.step() for _ in range(5)] == [1, 1, 1, 1, 0]
    # Nothing was sent meanwhile: no more than two minutes' worth waits in the outbox.
    minutes_later(monkeypatch, 1.01)
    assert running.step() == 0
    Message.objects.filter(kind="campaigns.mail").update(state=Sent.SENT)
    assert running.step() == 1
    made.refresh_from_db()
    assert made.state == State.DONE


def test_it_waits_for_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = make.edition()
    write.talent(edition, 1)
    write.running(edition, not_before=clock.now() + timedelta(minutes=30))
    assert running.step() == 0
    minutes_later(monkeypatch, 31)
    assert running.step() == 1


def test_wishes_are_asked_again_at_its_turn() -> None:
    edition = make.edition()
    readers = [write.talent(edition, number) for number in range(4)]
    made = write.running(edition, per_minute=600)
    refuse(0, edition)
    people.withdraw_talent(SYSTEM, WithdrawTalent(talent=readers[1].pk))
    account = readers[2].person.user
    assert account is not None
    account.is_active = False
    account.save()
    assert running.step() == 1
    left = made.addressees.filter(state=Addressee.State.LEFT_OUT)
    assert dict(left.values_list("address", "reason")) == {
        address(0): Reason.OPTED_OUT,
        address(1): Reason.LEFT,
        address(2): Reason.LEFT,
    }


def test_wishes_are_asked_once_more_when_it_is_sent(box: Box) -> None:
    edition = make.edition()
    write.talent(edition, 0)
    write.talent(edition, 1)
    daily = write.talent(edition, 2)
    user = daily.person.user
    assert user is not None
    preferences.set_ways(actor_for(user), preferences.SetWays({"news": "daily"}))
    made = write.running(edition, per_minute=600)
    assert running.step() == 3
    refuse(1, edition)
    refuse(2, edition)
    deliver()
    digests.send_due()
    deliver()
    assert lists.counts(made) == {"sent": 1, "unwanted": 2}
    assert [mail["To"] for mail in box.taken if "t" in mail["To"][:1]] == [address(0)]


def test_pause_takes_back_what_waits_and_stop_ends_it(box: Box) -> None:
    edition = make.edition()
    office = make.office(edition)
    for number in range(4):
        write.talent(edition, number)
    made = write.running(edition, per_minute=12)
    running.step()
    deliver()
    running.step()
    assert lists.counts(made) == {"sent": 1, "queued": 1, "waiting": 2}
    services.pause(office, made.pk)
    services.pause(office, made.pk)  # a second click
    assert Entry.objects.filter(event="campaigns.paused").count() == 1
    assert lists.counts(made) == {"sent": 1, "waiting": 3}
    assert running.step() == 0
    services.resume(office, made.pk)
    running.step()
    deliver()
    services.stop(office, made.pk)
    assert running.step() == 0
    assert lists.counts(made) == {"sent": 2, "left_out": 2}
    mails = [mail["To"] for mail in box.taken if mail["Subject"].startswith("News")]
    assert sorted(mails) == sorted(set(mails)) and len(mails) == 2
    with pytest.raises(Conflict):
        services.resume(office, made.pk)


def test_what_is_written_and_waits_is_stopped_and_each_state_is_told() -> None:
    edition = make.edition()
    office = make.office(edition)
    write.talent(edition, 1)
    made = write.running(edition)
    running.step()
    made.refresh_from_db()
    assert made.state == "done" and lists.counts(made) == {"queued": 1}
    with pytest.raises(Conflict, match="some still wait to be sent"):
        services.pause(office, made.pk)
    services.stop(office, made.pk)
    assert lists.counts(made) == {"left_out": 1}
    for refused in (services.stop, services.give_back, services.remove_campaign):
        with pytest.raises(Conflict, match="It was stopped for good"):
            refused(office, made.pk)


def test_what_is_finished_says_so(box: Box) -> None:
    edition = make.edition()
    office = make.office(edition)
    write.talent(edition, 1)
    done = write.running(edition)
    running.step()
    deliver()
    for refused in (services.stop, services.pause, services.remove_campaign):
        with pytest.raises(Conflict, match="It is finished"):
            refused(office, done.pk)


def test_two_workers_write_to_nobody_twice() -> None:
    edition = make.edition()
    write.talent(edition, 1)
    made = write.running(edition)
    running.step()
    # A worker that reads the list of before finds the same key.
    Addressee.objects.update(state=Addressee.State.WAITING, message=None)
    Campaign.objects.update(state=State.RUNNING)
    running.step()
    assert Message.objects.filter(kind="campaigns.mail").count() == 1
    made.refresh_from_db()
    assert made.state == State.DONE


def test_a_worker_that_dies_in_a_step_wrote_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = make.edition()
    write.talent(edition, 1)
    made = write.running(edition)

    def die(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Addressee.objects, "bulk_update", die)
        with pytest.raises(KeyboardInterrupt):
            running.step()
    assert not Message.objects.filter(kind="campaigns.mail").exists()
    assert lists.counts(made) == {"waiting": 1}
    assert running.step() == 1


def test_what_became_of_it_outlives_the_log(
    box: Box, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    edition = make.edition()
    write.talent(edition, 1)
    write.talent(edition, 2)
    made = write.running(edition, per_minute=600)
    box.answer = lambda to, before: "550 no" if to == address(1) else "250 OK"
    running.step()
    deliver()
    assert lists.counts(made) == {"sent": 1, "failed": 1}
    assert lists.keep_results() == 2
    assert lists.keep_results() == 0
    minutes_later(monkeypatch, 60 * 24 * (settings.TALEX_MESSAGES_KEPT_DAYS + 1))
    prune()
    assert not Message.objects.filter(kind="campaigns.mail").exists()
    assert lists.counts(made) == {"sent": 1, "failed": 1}
    assert lists.of_outcome(made.addressees.all(), "failed").get().address == address(1)


def test_erasing_leaves_counts_alone() -> None:
    edition = make.edition()
    reader = write.talent(edition, 1)
    made = write.running(edition)
    running.step()
    taken = PersonsCampaigns().export(reader.person_id)["campaigns"]
    assert [(one["campaign"], one["address"]) for one in taken] == [("Spring", address(1))]
    with work():
        assert PersonsCampaigns().erase(SYSTEM, reader.person_id) == {"campaigns": 1}
    row = made.addressees.get()
    assert (row.address, row.holder, row.user) == ("", None, None)
    assert lists.counts(made) == {"queued": 1}


def test_only_drafts_are_changed_and_removed() -> None:
    edition = make.edition()
    write.talent(edition, 1)
    made = write.running(edition)
    office = actor_for(made.created_by)  # type: ignore[arg-type]
    plan = services.Plan("X", made.template_id, "talents")
    for act in (
        lambda: services.edit_campaign(office, made.pk, plan, made.revision),
        lambda: services.remove_campaign(office, made.pk),
        lambda: services.submit(office, made.pk, made.revision),
    ):
        with pytest.raises(Conflict):
            act()
    draft = write.campaign(office, edition, made.template)
    services.remove_campaign(office, draft.pk)
    assert not Campaign.objects.filter(pk=draft.pk).exists()


def test_it_waits_for_a_time_to_come_within_a_year_and_what_has_passed_since_stays() -> None:
    edition = make.edition()
    office = make.office(edition)
    template = write.text(office, edition)
    now = clock.now()
    for wrong in (now - timedelta(minutes=2), now + timedelta(days=367)):
        with pytest.raises(Invalid) as refused:
            write.campaign(office, edition, template, not_before=wrong)
        assert set(refused.value.fields) == {"not_before"}
    when = now + timedelta(hours=1)
    made = write.campaign(office, edition, template, not_before=when)
    assert not queries.has_passed(made)
    plan = services.Plan("Renamed", template.pk, "talents", not_before=when)
    with clock.at(when + timedelta(hours=1)):
        made = services.edit_campaign(office, made.pk, plan, made.revision)
        assert queries.has_passed(made)  # the page says that it begins at once
    assert (made.name, made.not_before) == ("Renamed", when)


def test_a_draft_in_two_windows_is_not_called_somebody_elses() -> None:
    edition = make.edition()
    office = make.office(edition)
    made = write.campaign(office, edition, write.text(office, edition))
    plan = services.Plan("Renamed", made.template_id, "talents")
    services.edit_campaign(office, made.pk, plan, made.revision)
    with pytest.raises(Conflict, match="changed since you opened it"):
        services.edit_campaign(office, made.pk, plan, made.revision)
