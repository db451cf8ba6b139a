"""What a proof says, in a screen of lines."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from churnml.features.proof.stage import Proof

SHOWN = 10


def lines_of(proof: "Proof") -> list[str]:
    """The verdict first, then what no proof can see, then what features never see."""
    return [
        *_verdict(proof),
        *_listed("too good to be true, look where they come from", proof.too_good),
        *_listed("another distribution at the last cutoff than at the first", proof.drifting),
        *_advice(proof),
        *_without_history(proof),
    ]


def _verdict(proof: "Proof") -> list[str]:
    tried = f"{len(proof.cutoffs)} cutoffs × 3 other futures ({', '.join(proof.tables)})"
    if not proof.leaks:
        size = f"{proof.features} features of {', '.join(proof.families)}"
        return [f"no leak: {size} stay the same to the bit at {tried}"]
    said = [f"LEAK: features change with what was known at as_of or later; {tried}"]
    by_column: dict[str, list[tuple[Any, ...]]] = {}
    for leak in proof.leaks:
        by_column.setdefault(leak[2].column, []).append(leak)
    for column, leaks in list(by_column.items())[:SHOWN]:
        as_of, kind, found = leaks[0]
        ids = ", ".join(found.examples)
        said.append(f"  {column}: at {as_of}, the future {kind}: {found.customers:,} customers, such as {ids}")
    more = len(by_column) - SHOWN
    return [*said, *([f"  and {more} more"] if more > 0 else [])]


def _listed(what: str, found: Sequence[Mapping[str, Any]]) -> list[str]:
    if not found:
        return []
    more = [f"  and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
    return [f"{what}: {len(found)}", *(f"  {one['name']}: {one['reason']}" for one in found[:SHOWN]), *more]


def _advice(proof: "Proof") -> list[str]:
    if proof.drifting and proof.short_by > 0:
        return [
            f"  features look back {proof.reach_days} days, but the first cutoff has {proof.reach_days - proof.short_by} "
            f"days of history; a later first cutoff, more history or a smaller features.history_days calms them"
        ]
    return []


def _without_history(proof: "Proof") -> list[str]:
    if not proof.without_history:
        return []
    by_reason: dict[str, list[str]] = {}
    for column in proof.without_history:
        by_reason.setdefault(column["reason"], []).append(f"{column['table']}.{column['name']}")
    return ["columns without a history:", *(f"  {', '.join(names)}: {why}" for why, names in by_reason.items())]
