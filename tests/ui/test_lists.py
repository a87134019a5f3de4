"""The declarative list: what is asked for is what is shown, exported and acted on."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.ui import urls

pytestmark = pytest.mark.django_db


def rows(client: Client, query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"/permissions/?export=json&{query}")
    found: list[dict[str, Any]] = json.loads(b"".join(response.streaming_content))
    return found


def all_there() -> list[Permission]:
    return list(Permission.objects.exclude(codename__startswith="view_"))


def test_page_counts_exactly_and_shows_one_page(client: Client) -> None:
    page = client.get("/permissions/")
    assert page.context["total"] == len(all_there()) > 5
    assert len(page.context["rows"]) == 5
    last = client.get("/permissions/?page=999")
    assert last.context["page"].number == last.context["page"].paginator.num_pages


def test_filter_search_and_range_narrow_the_rows(client: Client) -> None:
    assert {r["app"] for r in rows(client, "app=auth")} == {"auth"}
    assert rows(client, "app=nonsense") == rows(client)
    found = rows(client, "q=delete+group")
    assert [r["code"] for r in found] == ["delete_group"]
    keys = sorted(p.pk for p in all_there())
    between = rows(client, f"key_from={keys[2]}&key_until={keys[4]}")
    assert sorted(r["pk"] for r in between) == keys[2:5]
    assert rows(client, "key_from=x") == rows(client)


def test_sorting_goes_both_ways_and_ignores_what_cannot_be_sorted(client: Client) -> None:
    up = [r["code"] for r in rows(client, "sort=code")]
    assert up == sorted(up)
    assert [r["code"] for r in rows(client, "sort=-code")] == up[::-1]
    assert rows(client, "sort=app") == rows(client)
    assert rows(client, "sort=password") == rows(client)


def test_pages_do_not_overlap_when_values_are_equal(client: Client) -> None:
    seen: list[Any] = []
    pages = client.get("/permissions/?sort=name").context["page"].paginator.num_pages
    for number in range(1, pages + 1):
        page = client.get(f"/permissions/?sort=name&page={number}")
        seen += [row.pk for row in page.context["rows"]]
    assert len(seen) == len(set(seen)) == len(all_there())


def test_export_is_exactly_the_filtered_rows_of_all_pages(client: Client) -> None:
    response = client.get("/permissions/?export=csv&app=auth&sort=-code")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0] == ["Name", "Code", "App", "Key"]
    wanted = Permission.objects.filter(content_type__app_label="auth")
    codes = wanted.exclude(codename__startswith="view_").order_by("-codename", "-pk")
    assert [line[1] for line in lines[1:]] == list(codes.values_list("codename", flat=True))
    assert len(lines) > 6  # more than one page
    assert response["Content-Disposition"].startswith('attachment; filename="permissions-')
    assert client.get("/permissions/?export=exe").status_code == 404


def test_export_of_the_rows_chosen_in_the_order_shown(client: Client) -> None:
    shown = Permission.objects.filter(content_type__app_label="auth").order_by("-codename", "-pk")
    shown = shown.exclude(codename__startswith="view_")
    chosen = [shown[5].pk, shown[1].pk, 10**9]
    response = client.post(
        "/permissions/?app=auth&sort=-code", {"export": "csv", "ids": [str(pk) for pk in chosen]}
    )
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert [line[1] for line in lines[1:]] == [shown[1].codename, shown[5].codename]
    everything = client.post("/permissions/?app=auth", {"export": "csv", "all": "1"})
    assert b"".join(everything.streaming_content).count(b"\r\n") == shown.count() + 1
    assert client.post("/permissions/", {"export": "csv"}).status_code == 303  # nothing chosen
    assert client.post("/permissions/", {"export": "exe", "all": "1"}).status_code == 404


def test_queries_do_not_grow_with_the_rows(client: Client, django_assert_num_queries: Any) -> None:
    for size in (5, 50):
        with django_assert_num_queries(2):
            page = client.get(f"/permissions/?size={size}")
        assert len(page.context["rows"]) > 4


def test_htmx_gets_the_table_alone(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Target": "list-body"}
    part = client.get("/permissions/", headers=headers)
    assert b"<html" not in part.content
    assert b'id="list-body"' in part.content
    assert "HX-Request" in part["Vary"]
    back = client.get("/permissions/", headers={**headers, "HX-History-Restore-Request": "true"})
    assert b"<html" in back.content


def test_chips_say_what_narrows_and_take_it_away(client: Client) -> None:
    page = client.get("/permissions/?app=auth&q=group&sort=-name&other=1")
    chips = page.context["chips"]
    assert [(c["label"], c["said"]) for c in chips] == [("Search", "group"), ("App", "Auth")]
    assert "app=auth" in chips[0]["url"]
    assert "q=" not in chips[0]["url"]
    assert "sort=-name" in chips[0]["url"]
    assert b'name="other" value="1"' in page.content


def test_bulk_acts_on_the_rows_ticked_and_only_on_rows_of_the_list(client: Client) -> None:
    mine = all_there()[:2]
    hidden = Permission.objects.filter(codename__startswith="view_").first()
    assert hidden is not None
    ids = [mine[0].pk, mine[1].pk, hidden.pk, "x", 10**6]
    response = client.post("/permissions/?page=2", {"action": "note", "ids": ids}, follow=True)
    assert urls.calls == [("note", [mine[0].pk, mine[1].pk])]
    assert response.redirect_chain == [("/permissions/?page=2", 303)]
    assert b"2 rows changed." in response.content


def test_bulk_on_all_takes_every_matching_row(client: Client) -> None:
    client.post("/permissions/?app=auth", {"action": "note", "all": "1"})
    auth = [p.pk for p in all_there() if p.content_type.app_label == "auth"]
    assert len(auth) > 5
    assert sorted(urls.calls[0][1]) == sorted(auth)


def test_bulk_asks_before_what_cannot_be_undone(client: Client) -> None:
    ids = [p.pk for p in all_there()[:3]]
    asked = client.post("/permissions/", {"action": "drop", "ids": ids})
    assert asked.status_code == 200
    assert b"Drop them?" in asked.content
    assert b"All their names." in asked.content
    assert urls.calls == []
    client.post("/permissions/", {"action": "drop", "ids": ids, "confirmed": "1"})
    assert urls.calls == [("drop", ids)]


def test_bulk_refusals(client: Client) -> None:
    pk = all_there()[0].pk
    never = client.post("/permissions/", {"action": "never", "ids": pk})
    # Nobody is asked to sign in first.
    assert never["Location"].startswith("/accounts/login/")
    assert client.post("/permissions/", {"action": "nothing", "ids": pk}).status_code == 404
    told = client.post("/permissions/", {"action": "refuse", "ids": pk}, follow=True)
    assert b"Two of them are taken." in told.content
    none = client.post("/permissions/", {"action": "note"}, follow=True)
    assert b"Nothing was selected." in none.content
    assert urls.calls == []
    page = client.get("/permissions/")
    assert b">Never</button>" not in page.content


def test_empty_list_says_what_to_do(client: Client) -> None:
    page = client.get("/permissions/?q=zzzz")
    assert b"Nothing matches" in page.content
    assert b'href="/permissions/"' in page.content
