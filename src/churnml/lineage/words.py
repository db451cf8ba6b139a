"""A lineage as a tree of lines."""

from collections.abc import Sequence

from rich.markup import escape
from rich.tree import Tree

from churnml.lineage.trace import Node
from churnml.ports import Remembered

_LETTERS = 12


def thing_tree(node: Node, seen: set[str] | None = None) -> Tree:
    """A thing and all that is further; what was shown once isn't opened again."""
    seen = set() if seen is None else seen
    tree = Tree(_thing(node), guide_style="dim")
    if node.thing.identity in seen:
        tree.label = f"{tree.label}  [dim]as above[/dim]"
        return tree
    seen.add(node.thing.identity)
    for line in _made_by(node.makers):
        tree.add(f"[dim]{line}[/dim]")
    for other in node.further:
        tree.children.append(thing_tree(other, seen))
    return tree


def run_tree(run: Remembered) -> Tree:
    """A run: what it was, read and wrote; of a parent, its stages."""
    tree = Tree(_run(run), guide_style="dim")
    for word, things in (("read", run.reads), ("wrote", run.writes)):
        for kind, identity in things.items():
            tree.add(f"{word} {kind} {identity[:_LETTERS]}  {escape(run.paths.get(identity, ''))}")
    for stage in run.stages:
        cached = "" if stage.parent_id == run.run_id else "from the cache, made by "
        child = run_tree(stage)
        child.label = f"{cached}{child.label}"
        tree.children.append(child)
    return tree


def _thing(node: Node) -> str:
    thing = node.thing
    then = next((run.paths.get(thing.identity, "") for run in node.makers), "")
    where = str(thing.path) if thing.path else f"not here{f', was {then}' if then else ''}"
    facts = f"  [dim]{escape(thing.facts)}[/dim]" if thing.facts else ""
    return f"[bold]{thing.kind}[/bold] {thing.identity[:_LETTERS]}  {escape(where)}{facts}"


def _made_by(makers: Sequence[Remembered]) -> list[str]:
    if not makers:
        return []
    more = f", and {len(makers) - 1} more times since" if len(makers) > 1 else ""
    return [f"made by {_run(makers[-1])}{more}"]


def _run(run: Remembered) -> str:
    parts = [f"{escape(run.name)} (run {run.run_id[:_LETTERS]})", f"{run.started_at:%Y-%m-%d %H:%M} UTC"]
    if run.parent:
        parts.append(f"in {escape(run.parent)}")
    if run.commit:
        parts.append(f"commit {escape(run.commit)}")
    if run.model:
        parts.append(f"model {escape(run.model)}")
    return ", ".join(parts)
