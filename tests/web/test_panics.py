"""What a library in Rust panics at has an answer: it is no `Exception`, and would leave none."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from talex.core.panics import Panic, is_panic


class PanicException(BaseException):
    """As pyo3 makes one for each library."""


def _panics(*args: Any, **kwargs: Any) -> Any:
    raise PanicException("out of bounds")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/", "talex.editions.queries.editions"),
        ("/api/editions", "talex.editions.queries.editions"),
    ],
)
def test_a_panic_is_answered_as_any_fault(
    path: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(where, _panics)
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code == 500
    assert ("json" in answer["Content-Type"]) is path.startswith("/api/")


def test_what_ends_a_process_is_no_panic() -> None:
    assert is_panic(PanicException()) and not is_panic(Panic())
    assert not any(is_panic(one) for one in (KeyboardInterrupt(), SystemExit(), GeneratorExit()))
