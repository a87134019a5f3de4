"""The pages of an import, as the office walks through them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from talex.core.jobs import run_pending
from talex.editions.models import Edition, RoleGrant
from talex.participants.importing import queries
from talex.participants.importing.models import Import
from talex.participants.models import Talent
from tests.participants import factories as make
from tests.participants.importing import flow

pytestmark = pytest.mark.django_db

Write = Callable[..., Path]

PEOPLE = """姓名,E-mail,学历,工作年限,备注
王伟,wang@example.org,硕士,5年,好
Anna Schmidt,anna@example.org,Diplom,viele,
Anna Schmidt,anna@example.org,Diplom,viele,
孙强,sun@example.org,硕士,5年,a,b
A. Schmidt,anna@example.org,PhD,3,
"""


def signed_in(where: Edition, role: str = "organiser", language: str = "en") -> Client:
    account = make.user(language=language)
    RoleGrant.objects.create(user=account, edition=where, role=role)
    client = Client()
    client.force_login(account)
    return client


def address(name: str, where: Edition, **more: object) -> str:
    return reverse(f"importing:{name}", kwargs={"edition": where.slug, **more})


def sent(client: Client, where: Edition, content: str = PEOPLE) -> Import:
    """The file uploaded through the page."""
    response = client.post(
        address("new", where),
        {
            "target": "talent",
            "source": "spring list",
            "file": SimpleUploadedFile("people.csv", content.encode("gb18030")),
        },
    )
    one = Import.objects.latest("created_at")
    assert response.status_code == 303 and response["Location"].endswith(f"/{one.pk}/")
    return one


def mapped(client: Client, where: Edition, one: Import) -> None:
    columns = one.mapping["columns"]
    data = {f"field-{place}": c.get("field") or "" for place, c in enumerate(columns)}
    assert client.post(address("mapping", where, pk=one.pk), data).status_code == 302


def test_from_the_upload_to_the_result() -> None:
    where = make.edition()
    client = signed_in(where)
    assert "Import a file" in client.get(address("imports", where)).content.decode()
    assert client.get(address("new", where)).status_code == 200
    one = sent(client, where)
    page = address("import", where, pk=one.pk)
    text = client.get(page).content.decode()
    assert "工作年限" in text and "wang@example.org" in text and "GB18030" in text
    mapped(client, where, one)
    assert "The file is being read" in client.get(page).content.decode()
    bar = client.get(address("progress", where, pk=one.pk))
    assert b"progress" in bar.content and "HX-Refresh" not in bar
    run_pending()
    assert client.get(address("progress", where, pk=one.pk))["HX-Refresh"] == "true"
    text = client.get(page).content.decode()
    assert "Some rows have to be mended" in text and "Some rows are identical" in text
    assert "Some rows are alike" in text and "disabled" in text
    # The fault names row and column, and is mended where it stands.
    assert "Column D" in text and "viele" in text
    row = client.post(
        address("correct", where, pk=one.pk, number=3),
        {"value-experience_years": "12"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert 'id="row-3"' in row and "Column D" not in row and 'id="import-summary"' in row
    plain = client.post(
        address("correct", where, pk=one.pk, number=4),
        {"field": "experience_years", "text": "12", "back": "/x?show=warnings&page=1"},
    )
    assert plain["Location"].endswith("?show=warnings&page=1#row-4")
    decide = address("decide_all", where, pk=one.pk)
    for act in ("accept", "merge"):
        assert client.post(decide, {"act": act}).status_code == 302
    alike = address("alike", where, pk=one.pk)
    assert "differs" in client.get(alike).content.decode()
    likeness = one.rows.get(number=6).likeness
    decided = client.post(
        address("decide_alike", where, pk=one.pk), {"group": likeness, "into": "6"}
    )
    assert decided.status_code == 302
    assert "Nothing left to review" in client.get(alike).content.decode()
    one.refresh_from_db()
    client.post(address("apply", where, pk=one.pk), {"revision": one.revision})
    run_pending()
    text = client.get(page).content.decode()
    assert (
        "3 came in" in text
        and reverse("participants:talents", kwargs={"edition": where.slug}) in text
    )
    assert sorted(Talent.objects.values_list("person__name", flat=True)) == [
        "A. Schmidt", "孙强", "王伟",
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "de", "zh-hans"])
def test_every_state_has_its_page_in_every_language(language: str, write: Write) -> None:
    where = make.edition()
    client = signed_in(where, language=language)
    client.cookies["talex_language"] = language
    assert client.get(address("imports", where)).status_code == 200
    one = sent(client, where)
    page = address("import", where, pk=one.pk)
    for state in ("uploaded", "mapped", "parsing", "previewed", "applied", "cancelled", "failed"):
        if state == "previewed":
            mapped(client, where, one)
            run_pending()
            for show in ("all", "faults", "warnings", "identical", "similar", "new", "known"):
                assert client.get(f"{page}?show={show}").status_code == 200
            assert client.get(f"{page}?columns=1").status_code == 200
            assert client.get(f"{page}?code=years_not_understood&page=7").status_code == 200
        else:
            Import.objects.filter(pk=one.pk).update(state=state)
        response = client.get(page)
        assert response.status_code == 200, state
        assert ">talent from" not in response.content.decode()  # the target's name, not its key
        assert f'lang="{"zh-Hans" if language == "zh-hans" else language}"' in (
            response.content.decode().replace("zh-hans", "zh-Hans")
        )


def test_the_tabs_say_how_many_rows_they_hold(write: Write) -> None:
    where = flow.edition()
    rows = (
        "王伟,a,硕士\n李娜,li@example.org,viele\n孙强,sun@example.org,硕士\n,x@example.org,硕士\n"
    )
    one = flow.preview(where, write(f"姓名,E-mail,学历\n{rows}"))
    page = signed_in(where).get(address("import", where, pk=one.pk))
    told = {str(tab["label"]): tab["count"] for tab in page.context["tabs"]}
    # A row to be mended has a remark as well; three show in the tab.
    assert told == {"All": 4, "To be mended": 1, "With remarks": 3, "New": 3}
    assert queries.rows(one, "warnings").count() == 3


def test_a_wrong_mapping_is_told_beside_the_column() -> None:
    where = make.edition()
    client = signed_in(where)
    one = sent(client, where)
    response = client.post(
        address("mapping", where, pk=one.pk), {"field-0": "name", "field-4": "name"}
    )
    text = response.content.decode()
    assert response.status_code == 422 and "given to the column" in text
    assert 'id="field-4-error"' in text and 'href="#field-4"' in text


def test_what_is_no_table_is_refused_beside_the_field() -> None:
    where = make.edition()
    client = signed_in(where)
    response = client.post(
        address("new", where),
        {"target": "talent", "file": SimpleUploadedFile("people.csv", b"%PDF-1.4 nonsense")},
    )
    assert response.status_code == 422 and "not a table" in response.content.decode()
    assert Import.objects.count() == 0


def test_a_preview_that_changed_is_not_applied() -> None:
    where = make.edition()
    client = signed_in(where)
    one = sent(client, where)
    mapped(client, where, one)
    run_pending()
    response = client.post(address("apply", where, pk=one.pk), {"revision": "0"})
    assert response.status_code == 409 and "Look at it again" in response.content.decode()


def test_a_file_that_came_in_before_offers_nothing_to_import() -> None:
    where = make.edition()
    client = signed_in(where)
    listed = "姓名,邮箱\n王伟,wang@example.org\n"
    for _time in range(2):
        one = sent(client, where, listed)
        mapped(client, where, one)
        run_pending()
        page = client.get(address("import", where, pk=one.pk)).content.decode()
        client.post(address("apply", where, pk=one.pk), {"revision": str(one.revision)})
        one.refresh_from_db()
        client.post(address("apply", where, pk=one.pk), {"revision": str(one.revision)})
        run_pending()
    assert Talent.objects.count() == 1
    assert "There is nothing to import" in page and "Import 0 rows" not in page
    # It is the same row: nobody else has that address.
    assert "is registered already" not in page


def test_reading_is_stopped_and_gone_on_with() -> None:
    where = make.edition()
    client = signed_in(where)
    one = sent(client, where)
    mapped(client, where, one)
    client.post(address("stop", where, pk=one.pk))
    page = address("import", where, pk=one.pk)
    assert "Reading was stopped" in client.get(page).content.decode()
    client.post(address("go_on", where, pk=one.pk))
    run_pending()
    one.refresh_from_db()
    assert one.state == "previewed"
    client.post(address("cancel", where, pk=one.pk))
    assert "given up" in client.get(page).content.decode()


@pytest.mark.parametrize("role", ["auditor", "press"])
def test_who_sees_and_who_may_not_change(role: str) -> None:
    where = make.edition()
    office, other = signed_in(where), signed_in(where, role)
    one = sent(office, where)
    mapped(office, where, one)
    run_pending()
    page = address("import", where, pk=one.pk)
    assert other.get(page).status_code == (200 if role == "auditor" else 403)
    assert other.get(address("new", where)).status_code == 403
    one.refresh_from_db()
    for name, more, data in (
        ("apply", {}, {"revision": one.revision}),
        ("decide_all", {}, {"act": "merge"}),
        ("correct", {"number": 2}, {"value-name": "x"}),
        ("cancel", {}, {}),
    ):
        response = other.post(address(name, where, pk=one.pk, **more), data)
        assert response.status_code == 403, name
    assert Client().get(page).status_code in (302, 403, 404)


def test_the_preview_asks_as_often_for_three_rows_as_for_thirty(
    write: Write, django_assert_max_num_queries: Callable[..., object]
) -> None:
    where = make.edition()
    client = signed_in(where)
    counts = []
    for rows in (3, 30):
        text = "姓名,学历\n" + "".join(f"某{n},谜\n" for n in range(rows))
        one = flow.preview(where, write(text), source=str(rows))
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(address("import", where, pk=one.pk))
        counts.append(len(asked))
    assert counts[0] == counts[1] < 30
