"""`churnml simulate`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from churnml.cli.boundary import refusals, say

Folder = Annotated[Path, typer.Argument(help="New folder: a project with exports, params.yaml and the truth.")]
Customers = Annotated[int, typer.Option(min=1, max=50_000_000, help="How many.")]
Seed = Annotated[int, typer.Option(min=0, max=2**64 - 1, help="Of all chance: the same seed gives the same bytes.")]
Scenario = Annotated[Literal["retail", "saas", "both"], typer.Option(help="Orders in a shop, contracts, or both.")]
With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        help="What is special: season, price_rise, outage, growing, cold_start, drift, no_signal, shuffled, leak; "
        "may be given several times.",
    ),
]
Weeks = Annotated[int | None, typer.Option(min=20, max=520, help="How long the company is watched.  [default: 104]")]
Language = Annotated[Literal["en", "zh-CN"], typer.Option(help="Of headers and cells.")]
Format = Annotated[Literal["csv", "xlsx"], typer.Option(help="Of the exports.")]
Dirty = Annotated[bool, typer.Option("--dirty", help="Plant faults, counted in truth/faults.csv.")]
Part = Annotated[int, typer.Option(min=1, help="Customers held in memory at once; changes no byte.")]


def simulate(
    folder: Folder = Path("simulated"), customers: Customers = 20_000, seed: Seed = 7, scenario: Scenario = "both",
    twists: With = None, weeks: Weeks = None, locale: Language = "en", format: Format = "csv", dirty: Dirty = False,
    part: Part = 8192,
) -> None:  # fmt: skip
    """Write a whole company's exports, with a known truth."""
    with refusals():
        from churnml.simulate import simulate as write
        from churnml.simulate import world_of

        names = twists or []
        done = write(
            folder, world_of(scenario, names, weeks), customers=customers, seed=seed, twists=names, locale=locale,
            format=format, dirty=dirty, part=part,
        )  # fmt: skip
        for name, rows in done.by_system().items():
            say(f"{folder / 'data/raw' / name}: {rows:,} rows")
        for (fault, outcome), rows in done.faults.items():
            say(f"planted {rows:,} times: {fault} ({outcome})")
        say(f"The truth is in {folder / 'truth'}, and is for judging only. Next: cd {folder} && churnml ingest")
