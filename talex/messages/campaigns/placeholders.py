"""What stands in braces in a text of the office, and what is put in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from talex.core.errors import Message
from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.messages.campaigns.models import Wording

PLACEHOLDERS: Mapping[str, Message] = {
    "name": _("the reader's name"),
    "organisation": _("whom a delegate acts for"),
    "conference": _("what the conference is called"),
    "city": _("where it takes place"),
    "first_day": _("its first day"),
    "last_day": _("its last day"),
    "page": _("the address of its page"),
}
_FORMATTER = Formatter()


@dataclass(frozen=True, slots=True)
class Worded:
    """A text as one reader gets it, and the language it is in."""

    subject: str
    text: str
    language: str


def fault(text: str) -> Message | None:
    """What is wrong with the braces of a text; None where nothing is."""
    try:
        parts = list(_FORMATTER.parse(text))
    except ValueError:
        return _("A brace stands alone. For a brace itself write {{ or }}.")
    for _literal, name, spec, conversion in parts:
        if name is None:
            continue
        if name not in PLACEHOLDERS or spec or conversion:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            return _("{%(name)s} is nothing that can be put in. These can: %(known)s") % {
                "name": name,
                "known": known,
            }
    return None


def used(text: TranslatedText) -> set[str]:
    """The placeholders of a text in any language."""
    return {
        name
        for one in text.texts().values()
        for _literal, name, _spec, _conversion in _FORMATTER.parse(one)
        if name
    }


def for_delegates_only(wording: Wording) -> bool:
    """Whether the text speaks of what only delegates have."""
    return "organisation" in used(wording.subject) | used(wording.text)


def fits(wording: Wording, audience: str) -> bool:
    """Whether the text speaks only of what these readers have."""
    return audience == "delegates" or not for_delegates_only(wording)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in it."""
    return _FORMATTER.vformat(text, (), values)


def values(
    edition: Edition, language: str, name: str, organisations: Sequence[TranslatedText]
) -> dict[str, str]:
    """What is put in for one reader, in the language of the text."""
    with translation.override(language):
        path = reverse("editions:landing", kwargs={"edition": edition.slug})
        return {
            "name": name or pgettext("instead of a name in a mail", "reader"),
            "organisation": pgettext("between names", ", ").join(map(str, organisations)),
            "conference": str(edition.name),
            "city": str(edition.city),
            "first_day": date_format(edition.starts_on, "DATE_FORMAT"),
            "last_day": date_format(edition.ends_on, "DATE_FORMAT"),
            "page": settings.TALEX_URL + path,
        }


def worded(
    edition: Edition,
    wording: Wording,
    language: str,
    name: str,
    organisations: Sequence[TranslatedText],
) -> Worded:
    """The text for one reader: in their language, else in one it is written in."""
    text, found = wording.text.best(language)
    subject, _same = wording.subject.best(found)
    put = values(edition, found, name, organisations)
    return Worded(filled(subject, put), filled(text, put), found)
