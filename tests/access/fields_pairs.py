"""What lies between the talent of the fields' scene and those who agreed to nothing.

A proposal with its reasons, a request with words, a conversation: each holds, beside what may be
read, a way to reach whoever wrote it. The addresses that name a thing are asked for these as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talex.core.translated import TranslatedText
from talex.editions.models import Edition
from talex.fair.conversations.models import Conversation, Message
from talex.fair.models import Interest, Match, Opening
from talex.participants.models import Organisation, Talent
from tests.fair import factories

Marks = Mapping[str, Any]


def marked_opening(edition: Edition, mark: Marks) -> Opening:
    """Of an organisation that says of itself, too, how to reach it; as it could be written before
    places and industries took no contact details."""
    of = factories.organisation(
        edition, "asking works",
        description=TranslatedText.of(f"We ask. {mark['address_in_organisation']}"),
        region=f"Wuhan {mark['address_in_place']}", industry=f"Cars {mark['address_in_trade']}",
        industries=["cars", mark["address_in_trades"]],
    )  # fmt: skip
    return factories.opening(
        edition, of, text=TranslatedText.of(f"{mark['name']} {mark['address_in_title']}"),
        description=TranslatedText.of(f"Work. {mark['address_in_text']}"),
        skills=["Welding", mark["address_in_skills"]],
    )  # fmt: skip


def between(
    talent: Talent, opening: Opening, side: str, marks: Mapping[str, Marks]
) -> dict[str, Any]:
    """They were proposed to each other, `side` asked and wrote; nobody answered. What addresses
    are filled with."""
    of_talent, of_opening = marks["talent"], marks["opening"]
    writer = marks[{"talent": "talent", "employer": "opening"}[side]]
    skills = [[of_talent["address_in_skills"], of_opening["address_in_skills"], "0.9"]]
    reasons = [
        {"part": "skills", "code": "skills_matched", "fits": True, "matched": skills,
         "missing": [of_opening["address_in_title"]]},
        {"part": "region", "code": "region_other", "fits": False,
         "offered": [of_opening["address_in_place"]], "wished": [of_talent["address_in_wishes"]]},
    ]  # fmt: skip
    made: Match = factories.match(talent, opening, reasons=reasons)
    asked: Interest = factories.interest(
        talent, opening, side, message=f"Hello! {writer['address_in_request']}"
    )
    conversation = Conversation.objects.create(
        edition=talent.edition, talent=talent, opening=opening
    )
    Message.objects.create(
        conversation=conversation, side=side, author="somebody",
        body=f"How are you? {writer['address_in_message']}",
    )  # fmt: skip
    of: Organisation = opening.organisation
    return {
        "opening": opening, "second_opening": opening, "match": made, "interest": asked,
        "organisation": of,
    }  # fmt: skip
