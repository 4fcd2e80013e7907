"""Records of two files, paired: the clearest claim first, and within it at the least cost.

A pass names what two records must share. Of those that compete in a pass as many are paired as can
be, at the least cost in all; what is left goes to the next pass. Nothing is paired twice. Where
costs are alike the content of the records decides, and never their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")
Keys = Callable[[T], Collection[Hashable]]
Pass = tuple[Keys[T], Keys[T]]  # what a record has to share, here and there
Cost = Callable[[T, T], tuple[int, ...]]  # the first number goes before the next; none below 0
Content = Callable[[T], str]
Place = tuple[int, int]


def paired(
    here: Sequence[T],
    there: Sequence[T],
    passes: Sequence[Pass[T]],
    cost: Cost[T],
    content: Content[T],
) -> list[tuple[T, T]]:
    """The pairs of all passes."""
    pairs = list[tuple[T, T]]()
    for shared in passes:
        found = dict(_places(here, there, shared, cost, content))
        pairs += [(here[i], there[j]) for i, j in found.items()]
        taken = {*found.values()}
        here = [a for i, a in enumerate(here) if i not in found]
        there = [b for j, b in enumerate(there) if j not in taken]
    return pairs


def _places(
    here: Sequence[T], there: Sequence[T], shared: Pass[T], cost: Cost[T], content: Content[T]
) -> Iterator[Place]:
    """The places of the records that one pass pairs."""
    keys = [set(shared[0](a)) for a in here], [set(shared[1](b)) for b in there]
    for ours, theirs in _rivals(*keys):
        if len(ours) == len(theirs) == 1:
            yield ours[0], theirs[0]
            continue
        ours.sort(key=lambda i: content(here[i]))
        theirs.sort(key=lambda j: content(there[j]))
        claims = ((i, j) for i in ours for j in theirs if keys[0][i] & keys[1][j])
        yield from _least({(i, j): cost(here[i], there[j]) for i, j in claims})


def _rivals(
    here: Sequence[Collection[Hashable]], there: Sequence[Collection[Hashable]]
) -> Iterator[tuple[list[int], list[int]]]:
    """The places of those that share a key with each other, directly or through others."""
    keys = [*here, *there]
    having = defaultdict[Hashable, list[int]](list)
    for place, own in enumerate(keys):
        for key in own:
            having[key].append(place)
    for key in list(having):
        todo, found = having.pop(key, []), set[int]()
        while todo:
            if (place := todo.pop()) not in found:
                found.add(place)
                todo += [other for k in keys[place] for other in having.pop(k, ())]
        ours = [place for place in found if place < len(here)]
        if 0 < len(ours) < len(found):
            yield ours, [place - len(here) for place in found if place >= len(here)]


def _least(costs: Mapping[Place, tuple[int, ...]]) -> Iterator[Place]:
    """As many of the places as can be, each row and each column once, at the least cost."""
    from scipy.optimize import linear_sum_assignment

    rows, columns = ([*dict.fromkeys(side)] for side in zip(*costs, strict=True))
    weights, never = _weights(costs, min(len(rows), len(columns)))
    table = [[weights.get((i, j), never) for j in columns] for i in rows]
    for row, column in zip(*linear_sum_assignment(table), strict=True):
        if (place := (rows[row], columns[column])) in costs:
            yield place


def _weights(costs: Mapping[Place, tuple[int, ...]], most: int) -> tuple[dict[Place, float], float]:
    """Each cost as one number, and one that is more than those of any `most` places together: a
    sum of the first numbers goes before every sum of the next."""
    weights, scale = dict.fromkeys(costs, 0), 1
    for part in reversed(range(len(next(iter(costs.values()))))):
        for place, cost in costs.items():
            weights[place] += cost[part] * scale
        scale *= most * max(cost[part] for cost in costs.values()) + 1
    return {place: float(weight) for place, weight in weights.items()}, float(scale)
