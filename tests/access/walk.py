"""Every address of the site with its methods, found in the urls and in the API itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from talex.api.main import api

PARAMETER = re.compile(r"{(?:[^{}:]+:)?([^{}]+)}")
# A page is asked to be read and to be changed; 405 says which of them it does not do.
PAGE_METHODS = ("GET", "POST")


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A page (`name` is its url name) or a call of the API (`name` is its path)."""

    name: str
    method: str
    parameters: tuple[str, ...]

    @property
    def in_api(self) -> bool:
        return self.name.startswith("/api/")


def pages(
    resolver: Any = None, namespace: str = "", outer: frozenset[str] = frozenset()
) -> Iterator[Address]:
    """All named pages. A page without a name is an error: nothing could link to it."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            yield from pages(pattern, inner, outer | pattern.pattern.regex.groupindex.keys())
        elif isinstance(pattern, URLPattern):
            if not pattern.name:
                raise AssertionError(f"the address {pattern.pattern} has no name")
            name = f"{namespace}:{pattern.name}" if namespace else pattern.name
            if namespace == "api" and pattern.name not in {"openapi-json", "api-root"}:
                continue  # told by calls()
            parameters = tuple(sorted(outer | pattern.pattern.regex.groupindex.keys()))
            for method in PAGE_METHODS:
                yield Address(name, method, parameters)


def calls() -> Iterator[Address]:
    """All operations of the API."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            full = re.sub(r"/+", "/", f"/api/{prefix}/{path}")
            full = full if path.endswith("/") else full.rstrip("/")
            full = PARAMETER.sub(r"{\1}", full)
            for operation in view.operations:
                for method in operation.methods:
                    yield Address(full, method, tuple(PARAMETER.findall(full)))


def addresses() -> list[Address]:
    """Everything, in the order of the table."""
    return sorted({*pages(), *calls()})
