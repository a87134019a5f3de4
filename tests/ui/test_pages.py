"""The frame of a page: navigation, language, theme, errors, and what the policy forbids."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client, RequestFactory
from django.utils import translation

from talex.core.actor import NOBODY
from talex.core.errors import Invalid
from talex.core.translated import TranslatedText
from talex.ui import charts, nav
from talex.ui.context import Face
from talex.ui.views import invalid
from tests.ui import urls

PAGES = ["/styleguide/", "/styleguide/list/", "/styleguide/public/", "/styleguide/error/404/"]


def rendered(text: str, **context: Any) -> str:
    return Template("{% load ui_tags %}" + text).render(Context(context))


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_no_inline_script_or_style_and_one_heading(
    client: Client, path: str, language: str
) -> None:
    html = client.get(path, headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}"' in html
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son\w+=", html)
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", html)
    assert len(re.findall(r"<h1[\s>]", html)) == 1


@pytest.mark.django_db
def test_language_is_chosen_and_remembered(client: Client, settings: Any) -> None:
    response = client.post("/language/", {"language": "de", "next": "/styleguide/"})
    assert response["Location"] == "/styleguide/"
    cookie = response.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert cookie.value == "de"
    assert int(cookie["max-age"]) > 300 * 24 * 3600
    assert "Bausteine" in client.get("/styleguide/").content.decode()


@pytest.mark.django_db
def test_theme_is_chosen_remembered_and_taken_back(client: Client) -> None:
    client.post("/theme/", {"theme": "dark", "next": "/styleguide/"})
    assert 'data-theme="dark"' in client.get("/styleguide/").content.decode()
    client.post("/theme/", {"theme": "auto"})
    assert "data-theme=" not in client.get("/styleguide/").content.decode().split("<body")[0]
    away = client.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})
    assert away["Location"] == "/"
    client.cookies["talex_theme"] = '"><script>'
    assert "<script>" not in client.get("/styleguide/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "language", "said"),
    [
        ({"q": "x" * 3_000_000}, "en", "That was too much at once"),
        ({"q": "x" * 3_000_000}, "de", "Das war zu viel auf einmal"),
        ({"q": ["x"] * 20_001}, "zh-hans", "一次提交的内容过多"),
    ],
)
def test_a_form_too_large_is_answered_by_a_page(
    sent: dict[str, Any], language: str, said: str
) -> None:
    client = Client(headers={"Accept-Language": language})
    answer = client.post("/theme/", sent)
    assert answer.status_code == 413
    page = answer.content.decode()
    assert said in page and 'class="error-page"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("status", [403, 404, 409, 422])
def test_service_errors_become_pages(client: Client, django_user_model: Any, status: int) -> None:
    if status in {403, 404}:  # what is not for a visitor may be for whom a link was sent
        nobody = client.get(f"/fail/{status}/")
        assert nobody["Location"] == f"/accounts/login/?next=/fail/{status}/"
        client.force_login(django_user_model.objects.create(email="a@example.org"))
    page = client.get(f"/fail/{status}/")
    assert page.status_code == status
    assert b'class="error-page"' in page.content


@pytest.mark.django_db
def test_unknown_address_does_not_tell_its_patterns(client: Client) -> None:
    page = client.get("/nothing/")
    assert page.status_code == 404
    assert b"This page does not exist" in page.content
    assert b"URLconf" not in page.content
    assert b"tried" not in page.content


@pytest.mark.django_db
def test_too_many_says_how_long(client: Client) -> None:
    page = client.get("/styleguide/error/429/")
    assert page["Retry-After"] == "60"
    assert b"60 seconds" in page.content


def test_navigation_shows_what_the_reader_may_see() -> None:
    nav._items.clear()
    add = nav.register
    add(nav.NavItem("a", "A", "ui:styleguide", order=2, scope="site"))
    add(nav.NavItem("b", "B", "ui:styleguide_list", order=1, scope="site", section="people"))
    add(nav.NavItem("c", "C", "not:installed", scope="site"))
    add(nav.NavItem("d", "D", "ui:theme", scope="site", visible=lambda actor, edition: False))
    add(nav.NavItem("e", "E", "ui:theme", scope="account"))
    found = nav.sections(None, None, scope="site", path="/styleguide/list/?q=1")
    assert [(s.key, [link.key for link in s.links]) for s in found] == [
        ("main", ["a"]),
        ("people", ["b"]),
    ]
    assert [link.current for s in found for link in s.links] == [False, True]


@pytest.mark.django_db
def test_rehearsal_is_marked_on_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    page = client.get("/e/x/office/").content.decode()
    assert "Rehearsal data" in page
    assert "Shenzhen Talent Exchange 2026" in page
    assert "in the zone of the venue: Shanghai" in page
    monkeypatch.setattr(urls.EDITION, "is_rehearsal", False)
    assert "Rehearsal data" not in client.get("/e/x/office/").content.decode()


def test_translated_text_carries_its_language() -> None:
    text = TranslatedText({"zh-hans": "<展厅>"})
    assert rendered("{% tt t %}", t=text) == '<span lang="zh-hans">&lt;展厅&gt;</span>'
    with translation.override("zh-hans"):
        assert rendered("{% tt t %}", t=text) == "&lt;展厅&gt;"


def test_numbers_follow_the_language() -> None:
    wanted = {
        "en": "12,199.5 74%",
        "de": "12.199,5 74\xa0%",
        "zh-hans": "12,199.5 74%",
    }
    for language, text in wanted.items():
        with translation.override(language):
            assert rendered("{{ n|number:1 }} {{ p|percent }}", n=12199.5, p=0.74) == text


def test_unknown_icons_and_states_are_faults() -> None:
    with pytest.raises(TemplateSyntaxError):
        rendered('{% icon "unicorn" %}')
    with pytest.raises(TemplateSyntaxError):
        rendered('{% state "purple" "x" %}')


def test_charts_have_title_table_and_safe_text() -> None:
    bars = [charts.Bar("<b>", 1234), charts.Bar("Two", 617)]
    html = charts.render(charts.Funnel("Title", "What it shows", "People", bars=bars))
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert 'role="img"' in html
    assert "<table>" in html
    assert "50.0%" in html
    assert 'width="50.00%"' in html
    linked = charts.render(charts.Bars("T", bars=[charts.Bar("a", 1, url="/x/")]))
    assert 'role="group"' in linked
    assert 'href="/x/"' in linked


def test_charts_of_nothing_are_drawn() -> None:
    assert charts.render(charts.Funnel("T"))
    assert charts.render(charts.Bars("T", bars=[charts.Bar("a", 0)]))
    assert charts.render(charts.Stacked("T", parts=["a"], rows=[("r", [0])]))
    heat = charts.Heat("T", row_labels=["A"], column_labels=["9"], values=[[None]])
    assert "–" in charts.render(heat)


def test_a_heat_grid_marks_a_column_in_picture_and_table() -> None:
    def drawn(label: str, **more: Any) -> str:
        heat = charts.Heat(
            "T", row_labels=[label], column_labels=["9", "10"], values=[[1, 2]], **more
        )
        return str(charts.render(heat))

    marked = drawn("A", mark=1, mark_word="now")
    assert marked.count('class="mark"') == 1
    assert "10 (now)" in marked
    assert 'class="mark"' not in drawn("A")
    # A long label gets more room than a short one, Chinese counting for more.
    first = [
        re.search(r'class="cell h0" x="([0-9.]+)%"', drawn(label))
        for label in ("A", "人才馆人才馆")
    ]
    assert first[0] and first[1] and float(first[0][1]) < float(first[1][1]) < 41


def test_chinese_has_its_own_colon() -> None:
    for language, told in [("en", "Done: x"), ("de", "Done: x"), ("zh-hans", "Done：x")]:
        with translation.override(language):
            assert rendered("{{ word|colon }}x", word="Done") == told


def test_a_link_in_an_empty_state_is_a_link() -> None:
    html = rendered(
        '{% empty_state "Nothing" %} <a href="/x/">{{ word }}</a>{% endempty_state %}', word="<b>"
    )
    assert '<a href="/x/">&lt;b&gt;</a>' in html


def test_a_way_of_one_step_is_not_told() -> None:
    from django.template.loader import render_to_string

    def told(*crumbs: dict[str, str]) -> str:
        return render_to_string("ui/components/breadcrumbs.html", {"crumbs": list(crumbs)}).strip()

    here, above = {"label": "Works Ltd"}, {"label": "Organisations", "url": "/o/"}
    assert told(here) == ""
    assert "Works Ltd" in told(above, here)
    assert "/o/" in told(above)


@pytest.mark.django_db
def test_an_address_of_a_form_opened_as_a_page_says_so(client: Client) -> None:
    told = client.get("/language/", headers={"Accept-Language": "de"})
    assert (told.status_code, told["Allow"]) == (405, "POST")
    assert "Diese Adresse ist keine Seite" in told.content.decode()
    assert client.delete("/language/").content == b""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("referer", "here"),
    [
        ("http://testserver/styleguide/list/?q=a", "/styleguide/list/?q=a"),
        ("http://evil.example/styleguide/", "/"),
        ("", "/"),
    ],
)
def test_from_the_answer_to_a_form_one_comes_back_to_its_page(
    rf: RequestFactory, referer: str, here: str
) -> None:
    """The address that the form is sent to may be no page."""
    assert Face(rf.get("/styleguide/?page=2")).here == "/styleguide/?page=2"
    assert Face(rf.post("/only/sent/to/", headers={"Referer": referer})).here == here


@pytest.mark.django_db
def test_what_no_field_can_say_is_said_on_the_page(rf: RequestFactory) -> None:
    request = rf.post("/styleguide/")
    request.user, request.actor = AnonymousUser(), NOBODY
    page = invalid(request, Invalid({"parent": "It would stand below itself."}))
    assert page.status_code == 422
    assert "It would stand below itself." in page.content.decode()
