"""Text cells: what is no sign for people goes."""

from __future__ import annotations

import sys
import unicodedata

from talex.participants.importing.cells.text import _CONTROL, read_line, read_list, read_text


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


def test_what_was_copied_from_a_pdf_holds_characters_not_radicals() -> None:
    assert read_line("⻓安⼤学").value == "长安大学"
    assert read_text("⻋辆\n⻅习").value == "车辆\n见习"
    assert read_list("⻋辆、⻩金").value == ("车辆", "黄金")
