"""What a list says of an opening: what may be public, and nothing else.

No contact persons, no cells of the file an opening came from; e-mail addresses, telephone numbers
and links in texts are hidden, as they are between the two sides until both agree to meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talex.core import masking
from talex.core.canonical import canonical, digest
from talex.core.masking import masked_text
from talex.core.translated import TranslatedText
from talex.fair import contents
from talex.fair.hiding import hide_contact
from talex.fair.models import Opening


def content_of(opening: Opening) -> dict[str, Any]:
    """The public content, as JSON."""
    said = contents.of_opening(opening)
    for name in ("title", "description"):
        said[name] = masked_text(getattr(opening, name)).to_json()
    said["skills"] = [masking.mask(one).text for one in said["skills"]]
    # Refused when they are written; what was written before is masked.
    for name in ("region", "industry"):
        if said[name]:
            said[name] = hide_contact(said[name])
    organisation = opening.organisation
    said["organisation"] = {
        "name": organisation.name.texts(),
        "website": organisation.website,
        "region": hide_contact(organisation.region),
    }
    return said


def digest_of(content: Mapping[str, Any]) -> str:
    """One text for one content."""
    return digest(canonical(dict(content)))


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Which fields differ."""
    found = list(contents.changes(before, after))
    if before["organisation"] != after["organisation"]:
        found.append("organisation")
    return found


def opening_of(content: Mapping[str, Any]) -> Opening:
    """An opening that is not kept, to show a content in the reader's words."""
    return Opening(**{name: contents.back(name, content[name]) for name in contents.RELEVANT})


def organisation_of(content: Mapping[str, Any]) -> TranslatedText:
    """The employer's name."""
    return TranslatedText(content["organisation"]["name"])
