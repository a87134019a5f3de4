"""Counted things as they stand in a sentence: “1 file”, “2 files”, in the reader's language.

A sentence that counts several things takes these phrases whole, so that each has its own plural.
"""

from __future__ import annotations

from django.utils.translation import ngettext


def rows(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}


def files(count: int) -> str:
    return ngettext("%(count)s file", "%(count)s files", count) % {"count": count}


def chains(count: int) -> str:
    return ngettext("%(count)s chain", "%(count)s chains", count) % {"count": count}


def entries(count: int) -> str:
    return ngettext("%(count)s entry", "%(count)s entries", count) % {"count": count}


def erased_payloads(count: int) -> str:
    return ngettext("%(count)s erased payload", "%(count)s erased payloads", count) % {
        "count": count
    }


def proposals(count: int) -> str:
    return ngettext("%(count)s proposal", "%(count)s proposals", count) % {"count": count}


def talents(count: int) -> str:
    return ngettext("%(count)s talent", "%(count)s talents", count) % {"count": count}


def openings(count: int) -> str:
    return ngettext("%(count)s opening", "%(count)s openings", count) % {"count": count}
