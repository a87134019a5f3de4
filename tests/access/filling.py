"""Forms of a page, filled in as somebody in a hurry would."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

DAY, MOMENT = "2027-06-01", "2027-06-01T10:00"
TYPED = {
    "email": "new@example.org",
    "date": DAY,
    "datetime-local": MOMENT,
    "time": "10:00",
    "url": "https://93.184.215.14/new",
    "text": "Words",
    "search": "",
}


class Forms(HTMLParser):
    """The forms of a page: for each where it is sent, and its fields with a value each."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, Any]]] = []
        self._fields: dict[str, Any] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self._fields = {}
            if given.get("method", "").lower() == "post":
                self.found.append((given.get("action", ""), self._fields))
        if self._fields is None:
            return
        if tag == "select":
            self._select = name
        first = "selected" in given or self._select not in self._fields
        if tag == "option" and self._select and given.get("value") and first:
            self._fields[self._select] = given["value"]
        if tag == "textarea" and name:
            self._fields[name] = "Some words."
        if tag == "input" and name and "disabled" not in given:
            self._typed(name, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
        if tag == "select":
            self._select = ""

    def _typed(self, name: str, given: dict[str, str]) -> None:
        assert self._fields is not None
        kind, value = given.get("type", "text"), given.get("value", "")
        if kind in {"radio", "checkbox"}:
            if "checked" in given or name not in self._fields:
                self._fields[name] = value or "on"
        elif kind == "number":
            self._fields[name] = value or given.get("min") or "1"
        elif kind == "hidden" or value:
            self._fields[name] = value
        elif kind in TYPED:
            self._fields[name] = TYPED[kind]


def forms_of(html: str) -> list[tuple[str, dict[str, Any]]]:
    """(address, fields) of each form that is sent by POST."""
    parser = Forms()
    parser.feed(html)
    return parser.found
