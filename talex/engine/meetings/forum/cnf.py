"""Clauses, and the counters made of them."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import combinations

#: A literal: a variable's number, or its negative.
Literal = int


class Clauses:
    """A formula in conjunctive normal form that is being written."""

    def __init__(self) -> None:
        self.variables = 0
        self.clauses: list[list[Literal]] = []

    def fork(self) -> Clauses:
        """A copy that grows on its own."""
        copy = Clauses()
        copy.variables = self.variables
        copy.clauses = list(self.clauses)
        return copy

    def new(self) -> Literal:
        """A variable that nothing speaks of yet."""
        self.variables += 1
        return self.variables

    def add(self, *clause: Literal) -> None:
        """A clause; one without literals makes the formula false."""
        if clause:
            self.clauses.append(list(clause))
        else:
            literal = self.new()
            self.clauses += [[literal], [-literal]]

    def at_most_one(self, literals: Sequence[Literal]) -> None:
        """Pair by pair: longer, but each pair propagates at once, which measured best here."""
        self.clauses += [[-one, -other] for one, other in combinations(literals, 2)]

    def merge(
        self, left: Sequence[Literal], right: Sequence[Literal], limit: int, both: bool = True
    ) -> list[Literal]:
        """Unary sum of two unary numbers, cut off at ``limit``.

        Output ``i`` is true where the sum is at least ``i + 1``, and, with ``both``, only there.
        This is a node of the totalizer of Bailleux and Boufkhad (CP 2003).
        """
        size = min(limit, len(left) + len(right))
        out = [self.new() for _ in range(size)]
        add = self.clauses.append
        for i in range(min(len(left), size) + 1):
            low = [-left[i - 1]] if i else []
            high = [left[i]] if i < len(left) else []
            for j in range(min(len(right), size - i) + 1):
                if i + j:
                    clause = [out[i + j - 1], *low]
                    if j:
                        clause.append(-right[j - 1])
                    add(clause)
                if both and i + j < size:
                    clause = [-out[i + j], *high]
                    if j < len(right):
                        clause.append(right[j])
                    add(clause)
        for i in range(size - 1):
            add([out[i], -out[i + 1]])
        return out

    def count(self, literals: Sequence[Literal], limit: int, both: bool = True) -> list[Literal]:
        """A unary count of the literals that are true, cut off at ``limit``; see ``merge``."""
        if len(literals) <= 1:
            return list(literals[:limit])
        half = len(literals) // 2
        left = self.count(literals[:half], limit, both)
        right = self.count(literals[half:], limit, both)
        return self.merge(left, right, limit, both)

    def sum(self, numbers: Sequence[Sequence[Literal]], limit: int) -> list[Literal]:
        """Unary sum of unary numbers, cut off at ``limit``; true where reached, not only there.

        The two shortest are added first, so that the tree is as small as can be.
        """
        heap = [(len(number), order, list(number)) for order, number in enumerate(numbers)]
        heapify(heap)
        order = len(heap)
        while len(heap) > 1:
            left, right = heappop(heap)[2], heappop(heap)[2]
            out = self.merge(left, right, limit, both=False)
            heappush(heap, (len(out), order, out))
            order += 1
        return heap[0][2][:limit] if heap else []
