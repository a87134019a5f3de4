"""Adding, changing, opening and closing openings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from talex.core import clock
from talex.core.errors import Conflict, Invalid, NotAllowed
from talex.core.translated import TranslatedText
from talex.fair.models import Interest, Match, Opening
from talex.fair.services import SaveOpening, save_opening, set_openings_state
from tests.fair import factories as make

pytestmark = pytest.mark.django_db


def command(company: object, **values: object) -> SaveOpening:
    return replace(
        SaveOpening(
            organisation=company.pk,  # type: ignore[attr-defined]
            title=TranslatedText({"zh-hans": "电池工程师", "en": "Battery engineer"}),
        ),
        **values,
    )


def test_a_delegate_adds_and_changes_an_opening_of_the_own_organisation() -> None:
    where = make.edition()
    company = make.organisation(where)
    actor = make.as_delegate(make.delegate(where, company))
    made = save_opening(
        actor,
        where,
        command(
            company,
            skills=["BMS", " BMS ", "Python"],
            languages=[{"code": "DE", "level": "B2"}],
            pay={"low": "12000.00", "high": 20000, "currency": "cny", "period": "month"},
            headcount=2,
            state="open",
        ),
    )
    made.refresh_from_db()
    assert made.title_line == "Battery engineer · 电池工程师"
    assert made.skills == ["BMS", "Python"]
    assert made.languages == [{"code": "de", "level": "B2"}]
    assert made.pay == {"low": "12000", "high": "20000", "currency": "CNY", "period": "month"}
    changed = save_opening(actor, where, command(company, id=made.pk, version=1, region="武汉"))
    assert (changed.version, changed.region, changed.state) == (2, "武汉", "open")
    with pytest.raises(Conflict):
        save_opening(actor, where, command(company, id=made.pk, version=1))
    # They stand where a title's contact details are hidden.
    for name, told in (
        ("region", "Wuhan +49 171 5550777"),
        ("industry", "Robots, hr@acme.de"),
        ("industry", "@acme_hr88"),
    ):
        with pytest.raises(Invalid) as refused:
            save_opening(actor, where, command(company, id=made.pk, version=2, **{name: told}))
        assert list(refused.value.fields) == [name]
    save_opening(actor, where, command(company, id=made.pk, version=2, industry="@laser"))


def test_nothing_opens_whose_last_day_to_ask_is_over() -> None:
    where = make.edition()
    company = make.organisation(where)
    actor = make.as_delegate(make.delegate(where, company))
    today = clock.now().astimezone(ZoneInfo(where.time_zone)).date()
    past = command(company, closes_on=today - timedelta(days=1))
    draft = save_opening(actor, where, replace(past, state="draft"))
    for wrong in (replace(past, state="open"), replace(past, id=draft.pk, state="open")):
        with pytest.raises(Invalid) as told:
            save_opening(actor, where, wrong)
        assert set(told.value.fields) == {"closes_on"}
    made = save_opening(actor, where, command(company, closes_on=today, state="open"))
    # What has ended since may be written otherwise.
    Opening.objects.filter(pk=made.pk).update(closes_on=past.closes_on)
    edited = replace(past, id=made.pk, region="武汉", state="open")
    assert save_opening(actor, where, edited).region == "武汉"


@pytest.mark.parametrize(("written", "kept"), [("rmb", "CNY"), ("eur", "EUR"), ("ABC", None)])
def test_a_currency_is_one_of_iso_4217(written: str, kept: str | None) -> None:
    where = make.edition()
    company = make.organisation(where)
    actor = make.as_delegate(make.delegate(where, company))
    pay = {"low": "50000", "currency": written, "period": "month"}
    if kept is None:
        with pytest.raises(Invalid) as told:
            save_opening(actor, where, command(company, pay=pay))
        assert set(told.value.fields) == {"pay"}
    else:
        assert save_opening(actor, where, command(company, pay=pay)).pay["currency"] == kept


def test_others_may_not() -> None:
    where = make.edition()
    mine, theirs = make.organisation(where), make.organisation(where, "Other")
    actor = make.as_delegate(make.delegate(where, mine))
    with pytest.raises(NotAllowed):
        save_opening(actor, where, command(theirs))
    about = make.opening(where, theirs)
    with pytest.raises(NotAllowed):
        save_opening(actor, where, command(mine, id=about.pk))
    with pytest.raises(NotAllowed):
        set_openings_state(actor, where, [about.pk], "closed")
    with pytest.raises(NotAllowed):
        save_opening(make.as_talent(make.talent(where)), where, command(mine))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": TranslatedText()}, "title"),
        ({"kind": "internship"}, "kind"),
        ({"state": "gone"}, "state"),
        ({"mode": "telepathy"}, "mode"),
        ({"degree_required": "genius"}, "degree_required"),
        ({"headcount": 0}, "headcount"),
        ({"interviews_wanted": 10_001}, "interviews_wanted"),
        ({"experience_min": -1.0}, "experience_min"),
        ({"experience_min": float("nan")}, "experience_min"),
        ({"experience_min": 5.0, "experience_max": 3.0}, "experience_max"),
        ({"skills": [str(n) for n in range(61)]}, "skills"),
        ({"languages": [{"code": "x", "level": "B2"}]}, "languages"),
        ({"languages": [{"code": "de", "level": "Z9"}]}, "languages"),
        ({"pay": {"low": "lots", "currency": "CNY", "period": "month"}}, "pay"),
        ({"pay": {"low": "5", "high": "3", "currency": "CNY", "period": "month"}}, "pay"),
        ({"pay": {"low": "5", "currency": "yuan", "period": "month"}}, "pay"),
        ({"pay": {"low": "5", "currency": "CNY", "period": "moon"}}, "pay"),
        ({"pay": {"low": "NaN", "currency": "CNY", "period": "month"}}, "pay"),
        ({"pay": {"low": "1e999999999", "currency": "CNY", "period": "month"}}, "pay"),
        ({"pay": {"low": "1e-999999999", "currency": "CNY", "period": "month"}}, "pay"),
        ({"pay": {"low": "5", "currency": "CNY", "period": "month", "months": "x"}}, "pay"),
        ({"pay": {"low": "5", "currency": "CNY", "period": "month", "months": 99}}, "pay"),
    ],
)
def test_wrong_answers_are_told_by_field(values: dict, field: str) -> None:
    where = make.edition()
    company = make.organisation(where)
    with pytest.raises(Invalid) as told:
        save_opening(make.office(where), where, command(company, **values))
    assert list(told.value.fields) == [field]
    assert not Opening.objects.exists()


def test_an_organisation_that_does_not_take_part_cannot_offer() -> None:
    where = make.edition()
    elsewhere = make.organisation(make.edition())
    with pytest.raises(Invalid, match="take part"):
        save_opening(make.office(where), where, command(elsewhere))


def test_closing_ends_what_waits_and_keeps_what_is_agreed() -> None:
    where = make.edition()
    company = make.organisation(where)
    about = make.opening(where, company)
    one, two, three = (make.talent(where, name) for name in ("A", "B", "C"))
    make.interest(one, about)
    make.interest(two, about, state="accepted")
    make.match(three, about)
    changed = set_openings_state(make.office(where), where, [about.pk], "closed")
    assert changed == [about.pk]
    assert set(Interest.objects.values_list("state", flat=True)) == {"expired", "accepted"}
    assert Match.objects.get().state == "superseded"
    assert set_openings_state(make.office(where), where, [about.pk], "closed") == []


def test_hundreds_are_opened_in_a_few_statements(django_assert_max_num_queries: object) -> None:
    where = make.edition()
    company = make.organisation(where)
    ids = [make.opening(where, company, f"O{n}", state="draft").pk for n in range(300)]
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        assert len(set_openings_state(make.office(where), where, ids, "open")) == 300
    assert Opening.objects.filter(state="open", version=2).count() == 300
