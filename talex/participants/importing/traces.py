"""By what a person is found again in rows that are still looked at: keyed hashes, never the data.

A row of a file names people in cells that nobody has mapped yet, in running text, in cells that
were mended. Whoever is erased must be found there too. Each row therefore carries the traces of
everybody it can be told to name: of each e-mail address and telephone number that stands in any
of its cells, of a name together with an institution, and of a longer profile text. A name alone
is no trace: it would take other people's rows along.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from talex.participants.identity import email_key, name_key, phone_key, text_key
from talex.participants.models import Person, PersonName, Talent

#: As long as an address may be (RFC 5321); else a cell of one sign was searched from each of them.
_PART = r"[^\s<>()\[\],;:：，；、\"'@]"
_ADDRESS = re.compile(rf"{_PART}{{1,64}}@{_PART}{{1,255}}\.[^\W\d_]{{2,63}}")
_NUMBER = re.compile(r"\+?\d(?:[ \-()./]{0,2}\d){6,16}")
#: So many traces of a row are kept at most; a list of more people than this is no row.
MOST = 40


@lru_cache(maxsize=1)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"talex.importing.traces" + secret.encode()).digest()


def trace(kind: str, text: str) -> str:
    """20 hex signs: HMAC-SHA256 under the installation's key."""
    return hmac.digest(_key(settings.SECRET_KEY), f"{kind} {text}".encode(), "sha256").hex()[:20]


def traces_of_row(texts: Iterable[str], values: Mapping[str, Any]) -> list[str]:
    """The traces of the people whom a row names; `texts` are all its cells, mended ones too."""
    found: dict[str, None] = {}
    for text in texts:
        if "@" in text:
            for address in _ADDRESS.findall(text):
                found[trace("email", email_key(address))] = None
        for number in _NUMBER.findall(text):
            if digits := phone_key(number):
                found[trace("phone", digits)] = None
    for name in ("name", "name_native", "name_latin"):
        called, place = values.get(name), values.get("institution")
        if called and place:
            found |= dict.fromkeys(_at_institution(called, place))
    if key := text_key(values.get("resume_text", "")):
        found[trace("text", key)] = None
    return list(found)[:MOST]


def _at_institution(name: str, institution: str) -> list[str]:
    key, place = name_key(name), "".join(institution.casefold().split())
    return [trace("name", f"{key} {place}")] if key and place else []


def traces_of_person(person: Person) -> list[str]:
    """All traces that rows about this person may carry."""
    found: dict[str, None] = {}
    if key := email_key(person.email):
        found[trace("email", key)] = None
    if key := phone_key(person.phone):
        found[trace("phone", key)] = None
    names = list(PersonName.objects.filter(person=person).values_list("text", flat=True))
    for talent in Talent.objects.filter(person=person):
        places = {talent.institution} | {one.get("institution") or "" for one in talent.education}
        for name in names:
            for place in places:
                found |= dict.fromkeys(_at_institution(name, place))
        if key := text_key(talent.profile_text):
            found[trace("text", key)] = None
    return list(found)


def carrying(traces: Collection[str], objects: Collection[UUID] = ()) -> Q:
    """Rows that carry one of the traces, or are known as one of the objects; nothing for none."""
    found = Q(pk__in=[]) if not objects else Q(known_as__in=list(objects))
    for one in traces:
        found |= Q(traces__contains=f" {one} ")
    return found


def line(traces: Collection[str]) -> str:
    """As `StagedRow.traces` keeps them."""
    return f" {' '.join(traces)} " if traces else ""
