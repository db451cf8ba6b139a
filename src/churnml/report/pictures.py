"""What the stages measured, as pictures: one function per file of `reports/plots/`."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, filterwarnings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, GREY = "#1f4e79", "#9a9a9a"
_CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "Microsoft YaHei", "SimHei", "PingFang SC")

Rows = Sequence[Mapping[str, str]]


def draw(plots: Path, out: Path) -> list[Path]:
    """Draw every file of a folder of plots that has a picture.

    Args:
        plots: `reports/plots/train` or `reports/plots/calibrate`.
        out: folder of the PNG files.

    Returns:
        the pictures.
    """
    drawn = []
    for name, picture in PICTURES.items():
        path = plots / f"{name}.csv"
        rows = read(path) if path.is_file() else []
        if rows:
            out.mkdir(parents=True, exist_ok=True)
            with _fonts():
                picture(rows).savefig(out / f"{name}.png", dpi=150, bbox_inches="tight")
            drawn.append(out / f"{name}.png")
    return drawn


def read(path: Path) -> Rows:
    """The rows of a plot."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def calibration(rows: Rows) -> "Figure":
    """Does a risk of 30 % mean 30 in 100? Said against happened, in tenths of the unseen customers."""
    figure, (axis,) = _figure(1, (4.6, 4.4))
    risk, rate, low, high = (
        _numbers(rows, name, 100) for name in ("risk", "churn_rate", "churn_rate_low", "churn_rate_high")
    )
    top = 1.08 * max(1, *high, *risk)
    axis.plot([0, top], [0, top], color=GREY, lw=1)
    axis.vlines(risk, low, high, color=INK, lw=2)
    axis.plot(risk, rate, "o", color=INK)
    axis.set(xlabel="risk that was said, %", xlim=(-0.02 * top, top), ylim=(-0.02 * top, top))
    axis.set_title("share that left, %", loc="left")
    return figure


def cutoffs(rows: Rows) -> "Figure":
    """Does it last? Ranking and level at each cutoff, predicted by a model that knew only what came before."""
    figure, axes = _figure(2, (9, 3))
    places = list(range(len(rows)))
    measured = [place for place, row in zip(places, rows, strict=True) if row["auc"]]
    known = [rows[place] for place in measured]
    axes[0].vlines(measured, _numbers(known, "auc_low"), _numbers(known, "auc_high"), color=INK, lw=2)
    axes[0].plot(measured, _numbers(known, "auc"), "o-", color=INK, lw=1)
    axes[0].set_title("AUC, out of time (0.5 is chance)", loc="left")
    axes[0].set_ylim(min([0.5, *_numbers(known, "auc_low")]), 1)
    happened, said = _numbers(rows, "churn_rate", 100), _numbers(rows, "risk", 100)
    higher = "bottom" if happened[-1] >= said[-1] else "top"
    lower = "top" if higher == "bottom" else "bottom"
    for values, ink, word, side in ((happened, GREY, "left", higher), (said, INK, "said", lower)):
        axes[1].plot(places, values, "o-", color=ink, lw=1)
        axes[1].annotate(word, (places[-1], values[-1]), (6, 0), textcoords="offset points", color=ink, va=side)
    axes[1].set_title("share that left, and mean risk that was said, %", loc="left")
    axes[1].set_ylim(0, 1.3 * max(1, *happened, *said))
    for axis in axes:
        axis.set_xticks(places, [row["as_of"][2:] for row in rows], rotation=30, ha="right")
    figure.tight_layout()
    return figure


def tiers(rows: Rows) -> "Figure":
    """What happened to the like of each tier at earlier cutoffs, and how much of the lost money it held."""
    figure, axes = _figure(2, (9, 0.9 + 0.5 * len(rows)), sharey=True)
    places = list(range(len(rows)))[::-1]
    _intervals(axes[0], places, rows, "churn_rate", 100)
    axes[0].set_title("left, %", loc="left")
    axes[0].set_xlim(0)
    axes[1].barh(places, _numbers(rows, "money_share", 100), color=INK, height=0.5)
    axes[1].set_title("share of the money that left, %", loc="left")
    axes[0].set_yticks(places, [_plain(row["tier"]) for row in rows])
    axes[0].set_ylim(-0.5, len(rows) - 0.5)
    figure.tight_layout()
    return figure


def against(rows: Rows) -> "Figure":
    """Better than what is simple? Model minus baseline on the same resamples of customers; right of zero ranks better."""
    figure, axes = _figure(2, (9, 0.9 + 0.4 * len(rows)), sharey=True)
    places = list(range(len(rows)))[::-1]
    titles = {"auc": "AUC, ours minus theirs", "log_loss": "log loss, ours minus theirs (less is better)"}
    for axis, (name, title) in zip(axes, titles.items(), strict=True):
        axis.axvline(0, color=GREY, lw=1)
        _intervals(axis, places, rows, name)
        axis.set_title(title, loc="left")
    axes[0].set_yticks(places, [_plain(row["against"]) for row in rows])
    axes[0].set_ylim(-0.5, len(rows) - 0.5)
    figure.tight_layout()
    return figure


def groups(rows: Rows) -> "Figure":
    """Does an average hide anybody? What was said and what happened, and the ranking, by tenure, value and segment."""
    figure, axes = _figure(2, (9, 0.9 + 0.35 * len(rows)), sharey=True)
    places = list(range(len(rows)))[::-1]
    axes[0].plot(_numbers(rows, "risk", 100), places, "D", color=GREY, label="said")
    _intervals(axes[0], places, rows, "churn_rate", 100, label="left")
    axes[0].set_title("share that left, %", loc="left")
    axes[0].set_xlim(0)
    axes[0].legend(frameon=False)
    measured = [place for place, row in zip(places, rows, strict=True) if row["auc"]]
    known = [row for row in rows if row["auc"]]
    axes[1].axvline(0.5, color=GREY, lw=1)
    _intervals(axes[1], measured, known, "auc")
    axes[1].set_title("AUC (0.5 is chance)", loc="left")
    axes[0].set_yticks(places, [_plain(f"{row['by']}: {row['group']}") for row in rows])
    axes[0].set_ylim(-0.5, len(rows) - 0.5)
    figure.tight_layout()
    return figure


def importance(rows: Rows) -> "Figure":
    """What the model looks at: share of the boosters' gain by feature."""
    figure, (axis,) = _figure(1, (6.5, 0.8 + 0.25 * len(rows)))
    places = list(range(len(rows)))[::-1]
    axis.barh(places, _numbers(rows, "gain", 100), color=INK, height=0.6)
    axis.set_yticks(places, [_plain(row["feature"]) for row in rows])
    axis.set_title("share of the gain, %", loc="left")
    figure.tight_layout()
    return figure


PICTURES: Mapping[str, Callable[[Rows], "Figure"]] = {
    "calibration": calibration,
    "cutoffs": cutoffs,
    "tiers": tiers,
    "against": against,
    "groups": groups,
    "importance": importance,
}


def _figure(columns: int, inches: tuple[float, float], **shared: Any) -> "tuple[Figure, Any]":
    # A figure of its own, without pyplot: nothing global, no window.
    from matplotlib.figure import Figure

    figure = Figure(figsize=inches)
    axes = figure.subplots(1, columns, squeeze=False, **shared)[0]
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _intervals(axis: Any, places: Sequence[int], rows: Rows, name: str, scale: float = 1, label: str = "") -> None:
    """Numbers as dots on their 95 % intervals, one line each."""
    low, high = (_numbers(rows, f"{name}_{end}", scale) for end in ("low", "high"))
    axis.hlines(places, low, high, color=INK, lw=2)
    axis.plot(_numbers(rows, name, scale), places, "o", color=INK, label=label or None)


def _plain(name: str) -> str:
    """A name as it is written: a dollar sign begins no formula."""
    return name.replace("$", r"\$")


@contextmanager
def _fonts() -> Iterator[None]:
    """Chinese names in a font of this machine that has them."""
    from matplotlib import font_manager, rc_context

    here = {font.name for font in font_manager.fontManager.ttflist}
    with rc_context({"font.family": ["DejaVu Sans", *(name for name in _CHINESE if name in here)]}), catch_warnings():
        filterwarnings("ignore", "Glyph .* missing from font")
        yield


def _numbers(rows: Rows, name: str, scale: float = 1) -> list[float]:
    return [scale * float(row[name]) for row in rows]
