"""The picture: who comes back by days of silence, and what each definition would mean."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from churnml.define.measure import Measure
from churnml.define.returns import Returns
from churnml.define.silence import HORIZONS, YEAR, by_silence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Dark to light, and two hues that the colour-blind tell apart; words stand beside all of them.
_BLUES = ("#5fa2ce", "#3f83b5", "#24619a", "#12365c")
INK, ORANGE, GREY = "#1f4e79", "#d55e00", "#9a9a9a"


def draw(returns: Returns | None, measures: Sequence[Measure], out: Path) -> None:
    """Draw silence on the left, definitions on the right, into a PNG.

    Args:
        returns: of silences; None without events.
        measures: of all customers, in the order of the table.
        out: the file.
    """
    # A figure of its own, without pyplot: nothing global, no window.
    from matplotlib.figure import Figure  # noqa: PLC0415  Matplotlib takes a while

    shown = [each for each in measures if each.cutoffs]
    figure = Figure(figsize=(12, max(3.8, 1.6 + 0.42 * len(shown))))
    left, right = figure.subplots(1, 2)
    for axis in (left, right):
        axis.spines[["top", "right"]].set_visible(False)
    _silence(left, returns)
    _definitions(right, shown)
    figure.tight_layout(w_pad=3)
    figure.savefig(out, dpi=150)


def _silence(axis: "Axes", returns: Returns | None) -> None:
    axis.set_title("came back, % of those silent for so long", loc="left")
    axis.set_xlabel("days of silence so far")
    axis.set_ylim(0, 100)
    rows = by_silence(returns, range(1, YEAR + 1)) if returns else []
    lines = []
    for more, ink in zip(HORIZONS, _BLUES, strict=True):
        points = [(row.days, 100 * share) for row in rows if (share := row.within[more]) is not None]
        if len(points) > 1:
            axis.plot(*zip(*points, strict=True), color=ink, lw=2)
            lines.append((points[-1], f"in {more} more days", ink))
    if not lines:
        _nothing(axis)
        return
    longest = max(point[0] for point, _, _ in lines)
    axis.set_xlim(0, 1.42 * longest)
    axis.set_xticks([tick for tick in axis.get_xticks() if 0 <= tick <= longest])
    _label_ends(axis, lines)


def _label_ends(axis: "Axes", lines: Sequence[tuple[tuple[float, float], str, str]]) -> None:
    """Words at the ends of the lines, pushed upwards where they would lie on each other."""
    floor = -4.0
    for (days, share), word, ink in sorted(lines, key=lambda line: line[0][1]):
        floor = max(share, floor + 6)
        axis.text(days + 0.01 * axis.get_xlim()[1], floor, word, color=ink, va="center")


def _definitions(axis: "Axes", measures: Sequence[Measure]) -> None:
    axis.set_xlabel("left: % of the customers; came back: % of those who left")
    if not measures:
        _nothing(axis)
        return
    days = measures[0].back_days
    places = list(range(len(measures)))[::-1]
    axis.set_title(f"left, and came back within {days} days after that, %", loc="left")
    for place, each in zip(places, measures, strict=True):
        _one(axis, place, each)
    axis.set_yticks(places, [_name(each) for each in measures])
    axis.set_ylim(-0.6, len(measures) - 0.2)
    axis.set_xlim(-2, 104)
    _legend(axis, places[0], measures[0])


def _one(axis: "Axes", place: int, each: Measure) -> None:
    low, rate, high = (100 * (value or 0) for value in (each.churn_rate_low, each.churn_rate, each.churn_rate_high))
    axis.hlines(place, low, high, color=INK, lw=2)
    axis.plot(rate, place, "o", color=INK)
    if each.back is not None:
        axis.plot(100 * each.back, place, "D", color=ORANGE, mfc="white")


def _legend(axis: "Axes", place: int, each: Measure) -> None:
    """The words stand at the first row's own marks."""
    rate = 100 * (each.churn_rate or 0)
    back = None if each.back is None else 100 * each.back
    above: dict[str, Any] = {"textcoords": "offset points", "fontsize": 9}
    is_left = back is not None and rate > back
    axis.annotate(
        "left", (rate, place), (-4 if not is_left else 4, 7), color=INK, ha="left" if is_left else "right", **above
    )
    if back is not None:
        axis.annotate(
            "came back",
            (back, place),
            (-4 if is_left else 4, 7),
            color=ORANGE,
            ha="right" if is_left else "left",
            **above,
        )


def _name(each: Measure) -> str:
    word = "silent" if each.definition.kind == "inactivity" else "cancelled"
    return f"{word} {each.definition.horizon_days} days{' (yours)' if each.definition.own else ''}"


def _nothing(axis: "Axes") -> None:
    axis.text(0.5, 0.5, "the data are too short", transform=axis.transAxes, ha="center", color=GREY)
