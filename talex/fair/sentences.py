"""A sentence for each reason of the engine, and what would change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from talex.fair.choices import Side
from talex.fair.names import language_name, place_name
from talex.fair.wording import both, level_name, listed, many, worded, years
from talex.fair.words import Words

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the side, or '' for the office, and the words of the edition."""

    side: str
    words: Words


Said = tuple[str, str]


def _judged(reason: Plain, text: str) -> str:
    """With the share of titles so close that people judged to fit; where nobody judged, as it is.

    Only titles of one language were judged: for no other part of a score, and not for the whole,
    is there a share to be told.
    """
    share = reason.get("judged")
    if share is None:
        return text
    percent = number_format(round(100 * float(share)), 0)
    told = _("Of titles as close as these, people judged about %(percent)s %% to fit.")
    return f"{text} {told % {'percent': percent}}"


def _title_close(reason: Plain, reader: Reader) -> Said:
    return _judged(reason, _close(reader)), ""


def _close(reader: Reader) -> str:
    if reader.side == Side.TALENT:
        return _("Your profession is close to what is offered.")
    if reader.side == Side.EMPLOYER:
        return _("The profession is close to what you offer.")
    return _("The profession is close to what is offered.")


def _title_far(reason: Plain, reader: Reader) -> Said:
    text, change = _far(reader)
    return _judged(reason, text), change


def _far(reader: Reader) -> Said:
    if reader.side == Side.TALENT:
        return (
            _("Your profession is some way from what is offered."),
            _("Name in your position or disciplines what you did of this kind."),
        )
    if reader.side == Side.EMPLOYER:
        return _("The profession is some way from what you offer."), ""
    return _("The profession is some way from what is offered."), ""


def _unknown(talent: str, opening: str) -> Callable[[Plain, Reader], Said]:
    """Nothing is known: which side says nothing, and that it could."""

    def say(reason: Plain, reader: Reader) -> Said:
        missing = reason.get("missing") or []
        names = {"talent": talent, "opening": opening}
        text = _("Not known: %(what)s.") % {
            "what": listed([_(name) for key, name in names.items() if key in missing])
        }
        own = (
            {Side.TALENT: "talent", Side.EMPLOYER: "opening"}.get(Side(reader.side))
            if reader.side
            else None
        )
        change = _("Adding it could make the match more exact.") if own in missing else ""
        return text, change

    return say


def _skills_matched(reason: Plain, reader: Reader) -> Said:
    pairs = [
        both(asked, mine, reader.words) for mine, asked, _strength in reason.get("matched", [])
    ]
    missing = [worded(word, reader.words) for word in reason.get("missing", [])]
    text = (
        _("Skills that fit: %(list)s.") % {"list": listed(pairs)}
        if pairs
        else _("Some skills fit.")
    )
    change = _("Asked for, too: %(list)s.") % {"list": listed(missing)} if missing else ""
    return text, change


def _skills_none(reason: Plain, reader: Reader) -> Said:
    missing = [worded(word, reader.words) for word in reason.get("missing", [])]
    text = _("None of the skills asked for is named.")
    return text, _("Asked for: %(list)s.") % {"list": listed(missing)} if missing else ""


def _text_close(reason: Plain, reader: Reader) -> Said:
    if reader.side == Side.TALENT:
        return _("Your profile is close to the description."), ""
    return _("The profile is close to the description."), ""


def _text_far(reason: Plain, reader: Reader) -> Said:
    if reader.side == Side.TALENT:
        return _("Your profile speaks of other things than the description."), ""
    return _("The profile speaks of other things than the description."), ""


def _degree_met(reason: Plain, reader: Reader) -> Said:
    told = {"has": level_name(reason["has"]), "wanted": level_name(reason["wanted"])}
    if reason["has"] == reason["wanted"]:
        return _("The degree is what is asked for: %(wanted)s.") % told, ""
    return _("The degree (%(has)s) is above what is asked for (%(wanted)s).") % told, ""


def _degree_below(reason: Plain, reader: Reader) -> Said:
    told = {"has": level_name(reason["has"]), "wanted": level_name(reason["wanted"])}
    text = _("The degree (%(has)s) is below what is asked for (%(wanted)s).") % told
    if reader.side == Side.EMPLOYER:
        return text, _("It would fit if you asked for this degree: %(has)s.") % told
    return text, _("It would fit with this degree: %(wanted)s.") % told


def _range(reason: Plain) -> str:
    least, most = reason.get("least"), reason.get("most")
    if most is not None and least:
        return ngettext("%(least)s to %(most)s year", "%(least)s to %(most)s years", many(most)) % {
            "least": years(least), "most": years(most),
        }  # fmt: skip
    if most is not None:
        said = ngettext("at most %(most)s year", "at most %(most)s years", many(most))
        return said % {"most": years(most)}
    if not least:
        return _("none needed")
    said = ngettext("at least %(least)s year", "at least %(least)s years", many(least))
    return said % {"least": years(least)}


def _experience_met(reason: Plain, reader: Reader) -> Said:
    return (
        ngettext(
            "%(has)s year of experience; asked for: %(range)s.",
            "%(has)s years of experience; asked for: %(range)s.",
            many(reason["has"]),
        )
        % {"has": years(reason["has"]), "range": _range(reason)},
        "",
    )


def _experience_off(reason: Plain, reader: Reader) -> Said:
    text = _experience_met(reason, reader)[0]
    if reason["code"] == "experience_below":
        more = round((reason.get("least") or 0) - reason["has"], 1)
        said = ngettext("Missing: %(years)s year.", "Missing: %(years)s years.", many(more))
        return text, said % {"years": years(more)}
    return text, _("More experience than asked for lowers the score a little.")


def _spoken(rows: Iterable[Sequence[str]], wanted: int) -> list[str]:
    return [f"{language_name(row[0])} {row[wanted]}".strip() for row in rows]


def _language_met(reason: Plain, reader: Reader) -> Said:
    rows = reason.get("languages", [])
    text = _("Languages that are asked for and spoken: %(list)s.") % {
        "list": listed(_spoken(rows, 2))
    }
    unsaid = reason.get("unsaid", [])
    change = (
        _("Nothing is said about: %(list)s.") % {"list": listed(_spoken(unsaid, 1))}
        if unsaid
        else ""
    )
    return text, change


_LANGUAGES_UNKNOWN = _unknown(
    gettext_noop("the talent's languages"), gettext_noop("the languages asked for")
)


def _language_unknown(reason: Plain, reader: Reader) -> Said:
    unsaid = reason.get("unsaid", [])
    if not unsaid:
        return _LANGUAGES_UNKNOWN(reason, reader)
    text = _("Nothing is said about: %(list)s.") % {"list": listed(_spoken(unsaid, 1))}
    return text, _LANGUAGES_UNKNOWN(reason, reader)[1]


def _language_below(reason: Plain, reader: Reader) -> Said:
    order = ["", "A1", "A2", "B1", "B2", "C1", "C2"]
    short = [r for r in reason.get("languages", []) if order.index(r[1]) < order.index(r[2])]
    has = [
        f"{language_name(code)} {level}" if level else language_name(code) + " –"
        for code, level, _wanted in short
    ]
    return (
        _("Spoken: %(has)s; asked for: %(wanted)s.")
        % {"has": listed(has), "wanted": listed(_spoken(short, 2))},
        _("It would fit at this level: %(wanted)s.") % {"wanted": listed(_spoken(short, 2))},
    )


def _places(written: Sequence[str]) -> str:
    return listed([place_name(one) for one in written])


def _region_met(reason: Plain, reader: Reader) -> Said:
    return (
        _("The place is wished for: %(list)s.") % {"list": _places(reason["common"])},
        "",
    )


def _region_other(reason: Plain, reader: Reader) -> Said:
    return (
        _("The place is %(offered)s; wished for: %(wished)s.")
        % {"offered": _places(reason["offered"]), "wished": _places(reason["wished"])},
        _("It would fit if this place were wished for, too: %(offered)s.")
        % {"offered": _places(reason["offered"])}
        if reader.side == Side.TALENT
        else "",
    )


def _industry_met(reason: Plain, reader: Reader) -> Said:
    names = [reader.words.industry_name(one) for one in reason["common"]]
    return _("The industry is the one wished for or known: %(list)s.") % {"list": listed(names)}, ""


def _industry_other(reason: Plain, reader: Reader) -> Said:
    if reader.side == Side.EMPLOYER:
        # Which industries a talent comes from is part of a profile that may be hidden.
        offered = listed([reader.words.industry_name(one) for one in reason["offered"]])
        return _("The industry %(offered)s is not among those wished for or known.") % {
            "offered": offered
        }, ""
    return (
        _("The industry is %(offered)s; wished for or known: %(known)s.")
        % {
            "offered": listed([reader.words.industry_name(one) for one in reason["offered"]]),
            "known": listed([reader.words.industry_name(one) for one in reason["known"]]),
        },
        "",
    )


def _dates_meet(reason: Plain, reader: Reader) -> Said:
    return _("The dates of both sides overlap."), ""


def _dates_apart(reason: Plain, reader: Reader) -> Said:
    return (
        _("The dates of both sides do not overlap."),
        _("It would fit if one side changed its dates."),
    )


#: By the engine's code (`engine.matching.Code`; its module is heavy, a test compares the two).
SAY: dict[str, Callable[[Plain, Reader], Said]] = {
    "title_close": _title_close,
    "title_far": _title_far,
    "title_unknown": _unknown(
        gettext_noop("the talent's profession"), gettext_noop("the opening's title")
    ),
    "skills_matched": _skills_matched,
    "skills_none": _skills_none,
    "skills_unknown": _unknown(
        gettext_noop("the talent's skills"), gettext_noop("the skills asked for")
    ),
    "skill_text_close": _text_close,
    "skill_text_far": _text_far,
    "skill_text_unknown": _unknown(
        gettext_noop("the talent's profile"), gettext_noop("the opening's description")
    ),
    "degree_met": _degree_met,
    "degree_below": _degree_below,
    "degree_unknown": _unknown(
        gettext_noop("the talent's degree"), gettext_noop("the degree asked for")
    ),
    "experience_met": _experience_met,
    "experience_below": _experience_off,
    "experience_above": _experience_off,
    "experience_unknown": _unknown(
        gettext_noop("the talent's experience"), gettext_noop("the experience asked for")
    ),
    "language_met": _language_met,
    "language_below": _language_below,
    "language_unknown": _language_unknown,
    "region_met": _region_met,
    "region_other": _region_other,
    "region_unknown": _unknown(
        gettext_noop("the places wished for"), gettext_noop("the opening's place")
    ),
    "industry_met": _industry_met,
    "industry_other": _industry_other,
    "industry_unknown": _unknown(
        gettext_noop("the industries wished for"), gettext_noop("the opening's industry")
    ),
    "dates_meet": _dates_meet,
    "dates_apart": _dates_apart,
    "dates_unknown": _unknown(
        gettext_noop("when the talent can start"), gettext_noop("when the work starts")
    ),
}
