"""Text cells: what is no sign for people goes."""

from __future__ import annotations

import sys
import unicodedata

from talex.participants.importing.cells.text import _CONTROL, read_text


def test_the_class_of_control_signs_holds_all_that_this_python_knows() -> None:
    known = {
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cc", "Cf")
    } - {"\n", "\t"}
    # Later versions of Unicode may add some; those of this one are all there, and nothing else.
    assert {sign for sign in known if not _CONTROL.fullmatch(sign)} == set()
    letters = (chr(code) for code in range(sys.maxunicode + 1))
    wrong = [s for s in letters if _CONTROL.fullmatch(s) and unicodedata.category(s)[0] in "LNPZSM"]
    assert wrong == []


def test_lines_and_tabs_stay() -> None:
    assert read_text("a\u200bb\x07\r\n c\td").value == "ab\nc d"
