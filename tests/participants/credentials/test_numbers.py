"""A registration number that cannot be right is refused with what is wrong about it."""

from __future__ import annotations

import pytest
from django.utils import translation

from talex.core.errors import Invalid
from talex.participants.credentials import numbers

GOOD = [
    ("uscc", "９１１１ 0000 6000 37341l", "CN", "91110000600037341L"),
    ("lei", "2138-00KUD8LAJWSQ9D15", "GB", "213800KUD8LAJWSQ9D15"),
    ("vat", "136695976", "DE", "DE136695976"),
    ("vat", "FR 40 303 265 045", "FR", "FR40303265045"),
    ("register", "Amtsgericht Aachen, HRA 11223", "DE", "Aachen HRA 11223"),
    ("register", "HRB 6684 Köln", "DE", "Köln HRB 6684"),
    ("register", "HRB 6684, Amtsgericht Köln", "DE", "Köln HRB 6684"),
    ("register", "HRB 6684 (Amtsgericht Köln)", "DE", "Köln HRB 6684"),
    ("register", "HRB 6684 beim Amtsgericht Köln", "DE", "Köln HRB 6684"),
    ("other", "cc 1234", "NZ", "CC 1234 (NZ)"),
    ("other", "CC 1234 (NZ)", "NZ", "CC 1234 (NZ)"),
    ("other", "CC 1234 (NZ)", "AU", "CC 1234 (AU)"),
]


@pytest.mark.parametrize(("kind", "typed", "country", "kept"), GOOD)
def test_a_good_number_is_kept_in_one_spelling(
    kind: str, typed: str, country: str, kept: str
) -> None:
    assert numbers.checked(kind, typed, country) == kept


WRONG = [
    ("uscc", "91110000600037341X", "CN", "check digit"),
    ("uscc", "9111000060003734", "CN", "has 18 signs. Yours: 16"),
    ("uscc", "9111000O600037341L", "CN", "never has the letter O"),
    ("uscc", "", "CN", "Give the registration number"),
    ("lei", "213800KUD8LAJWSQ9D16", "CN", "check digit"),
    ("lei", "213800", "", "has 20 signs. Yours: 6"),
    ("vat", "DE136695978", "DE", "check digit"),
    ("vat", "FR40303265045", "DE", "begins with FR, the country chosen has DE"),
    ("vat", "DE13", "DE", "too short or too long"),
    ("vat", "12345678", "", "begins with the two letters"),
    ("register", "11223", "DE", "HRA, HRB"),
    ("register", "136695976", "DE", "HRA, HRB"),
    ("register", "Aachen HRB", "DE", "number itself is missing"),
    ("register", "HRB 11223", "DE", "Name the court"),
    ("register", "Atlantis HRB 44", "DE", "No register court"),
    ("other", "x" * 61, "", "at most 60"),
    ("other", "x" * 56, "NZ", "at most 60"),
    ("other", "1", "", "too short"),
]


@pytest.mark.parametrize(("kind", "typed", "country", "told"), WRONG)
def test_a_wrong_number_is_refused_with_the_reason(
    kind: str, typed: str, country: str, told: str
) -> None:
    with pytest.raises(Invalid) as refused:
        numbers.checked(kind, typed, country)
    assert told in str(refused.value.fields["registration_number"][0])


LEI, USCC, VAT, REGISTER = (
    "529900T8BM49AURSDO55", "91110000600037341L", "DE136695976", "Aachen HRB 11223",
)  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "typed", "country", "told"),
    [
        ("uscc", LEI, "CN", "like a LEI: choose"), ("vat", LEI, "DE", "like a LEI: choose"),
        ("register", LEI, "DE", "like a LEI: choose"),
        ("lei", USCC, "CN", "like a unified social credit code: choose"),
        ("lei", VAT, "DE", "like a VAT number: choose"),
        ("register", "de 136 695 976", "DE", "like a VAT number: choose"),
        ("vat", REGISTER, "DE", "commercial register: choose"),
        ("register", USCC, "DE", "code of China, which"),
        ("lei", VAT, "CN", "European Union, which"),
        ("lei", REGISTER, "FR", "German commercial register, which"),
    ],
)  # fmt: skip
def test_a_number_that_is_right_for_another_kind_says_which(
    kind: str, typed: str, country: str, told: str
) -> None:
    with pytest.raises(Invalid) as refused:
        numbers.checked(kind, typed, country)
    assert told in str(refused.value.fields["registration_number"][0])
    for language in ("de", "zh-hans"):
        with translation.override(language):
            assert told not in str(refused.value.fields["registration_number"][0])


def test_a_kind_that_the_country_has_not_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        numbers.checked("uscc", "91110000600037341L", "DE")
    assert "number_kind" in refused.value.fields
    with pytest.raises(Invalid):
        numbers.checked("passport", "1", "")


def test_a_number_of_another_register_needs_its_country() -> None:
    with pytest.raises(Invalid) as refused:
        numbers.checked("other", "X-12345", "")
    assert list(refused.value.fields) == ["country"]


def test_the_fault_is_told_in_the_readers_language() -> None:
    with translation.override("zh-hans"), pytest.raises(Invalid) as refused:
        numbers.checked("uscc", "9111000060003734", "CN")
    with translation.override("zh-hans"):
        told = str(refused.value.fields["registration_number"][0])
    assert "18" in told and "16" in told and "signs" not in told


def test_two_spellings_have_one_key() -> None:
    assert numbers.key("Aachen HRB 112-23") == numbers.key("aachen ＨＲＢ 11223")
