"""The order of the stages, on one screen: exports -> tables -> panel -> boosters -> bundle -> lists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from churnml.config import Params, Rules, Travelling, read_playbook, rules_of
from churnml.contracts.files import House
from churnml.errors import DataError
from churnml.ports import Engine, Trial
from churnml.publish import read_json, scratch

if TYPE_CHECKING:
    from churnml.bundle import ModelBundle
    from churnml.features import Built
    from churnml.ingest import Ingested
    from churnml.report.parts import Section
    from churnml.score import Pack, Previous

# Each function imports its own room: ingest must not wait for LightGBM.


def run_ingest(params: Params, house: House, engine: Engine, today: date | None = None) -> "Ingested":
    """Exports -> tables, quarantine, profile; what is later than the day after `today` is set aside."""
    exports, report = house.root / params.exports, house.reports / "ingest.json"
    return _ingest(params, [exports], engine, house.tables, house.quarantine, report, today=today)


def run_features(params: Params, house: House, engine: Engine) -> "Built":
    """Tables -> panel."""
    from churnml.features import build_panel

    return build_panel(
        tables=house.tables,
        churn=params.churn,
        panel=params.panel,
        params=params.features,
        engine=engine,
        out=house.panel,
        private=params.private_of_customers(),
    )


def run_train(params: Params, house: House, on_trial: Callable[[Trial], None] = lambda _: None) -> dict[str, Any]:
    """Panel -> boosters; each trial of tuning is told as soon as it is over."""
    from churnml.train import train

    return train(
        panel=house.panel,
        churn=params.churn,
        windows_days=params.features.windows_days,
        params=params.train,
        boosters=house.boosters,
        report=house.reports / "train.json",
        plots=house.reports / "plots/train",
        on_trial=on_trial,
    )


def run_calibrate(params: Params, house: House) -> dict[str, Any]:
    """Boosters -> bundle."""
    from churnml.calibrate import calibrate

    return calibrate(
        boosters=house.boosters,
        playbook=read_playbook(house.playbook),
        trained=house.reports / "train.json",
        params=params.calibrate,
        travelling=Travelling.model_validate(params.travelling()),
        rules=rules_in(params, house),
        resamples=params.train.bootstrap,
        seed=params.train.seed,
        bundle=house.bundle,
        report=house.reports / "metrics.json",
        plots=house.reports / "plots/calibrate",
    )


def rules_in(params: Params, house: House) -> Rules:
    """The rules of a project, or the starter rules where it has none.

    Raises:
        ParamsError: one of them can't be read, or names what nobody knows.
    """
    from churnml.features import require_known

    rules = rules_of(house.rules)
    require_known(rules, params.features, [tier.name for tier in params.calibrate.tiers], house.rules)
    return rules


def run_report(
    house: House,
    bundle: "ModelBundle",
    engine: Engine,
    pack: Path,
    out: Path,
    other: "ModelBundle | None" = None,
    tables: Path | None = None,
) -> "list[Section]":
    """Lists, bundle and what was measured -> the page people look at.

    Args:
        house: what the pipeline measured is read from there, where it is of this bundle.
        bundle: that made the lists.
        engine: where the SQL runs.
        pack: folder of lists.
        out: the page.
        other: another bundle, to hold against it on the same tables.
        tables: that the lists were made from; None: the pipeline's, where the lists are.
    """
    import pandas as pd

    from churnml.earlier import earlier
    from churnml.report import Rival, report, see

    seen, rival = see(house, bundle, pack, tables), None
    if other is not None and seen.tables is None:
        raise DataError(f"{pack}: its tables aren't in {house.tables}, so nothing can be compared on them")
    with scratch(out) as work:
        if other is not None and seen.tables is not None:
            as_of = date.fromisoformat(seen.manifest["as_of"])
            theirs = _score(other, seen.tables, engine, as_of, work / "lists", [], {}, private=False)
            rival = Rival(other, pd.read_parquet(theirs.folder / "scored.parquet"))
        return report(seen, out, rival, earlier(seen, house, engine, work))


def page_of(pack: Path) -> Path:
    """Where the page of an analyst's pack lies: beside it, so that the pack stays as it was written."""
    return pack.with_name(f"{pack.name}.html")


def score_tables(
    tables: Path, bundle: "ModelBundle", engine: Engine, as_of: date | None, out: Path, private: bool = True
) -> "Pack":
    """Bundle and tables -> lists, made afresh: what lies in `out` by chance changes nothing.

    Args:
        tables: folder of canonical tables.
        bundle: the model and everything it decided.
        engine: where the SQL runs.
        as_of: moment of knowledge; None: the midnight after the last event's day.
        out: folder of packs.
        private: whether private columns are shown in the lists.
    """
    return _score(bundle, tables, engine, as_of, out, aside=[], made_from={}, private=private)


def score_export(
    exports: Sequence[Path],
    bundle: "ModelBundle",
    engine: Engine,
    as_of: date | None,
    out: Path,
    history: Path | None = None,
    previous: Path | None = None,
    private: bool = True,
    today: date | None = None,
    house: House | None = None,
) -> "Pack":
    """New exports and a bundle -> lists, by the very code that the pipeline runs.

    Args:
        exports: folders of the new exports, from older to newer.
        bundle: the model; mapping, definition and tiers travel in it.
        engine: where the SQL runs.
        as_of: moment of knowledge; None: the midnight after the last event's day.
        out: folder of packs.
        history: folder of canonical tables that the exports go on with, such as those of the training.
        previous: the pack before; None: the newest earlier one in `out`, if there is any.
        private: whether private columns are shown in the lists.
        today: what is later than the day after is set aside; None: whatever was exported happened.
        house: a page is written beside the pack, with what the pipeline measured there about the bundle; None: no page.
    """
    from churnml.score import newest_before, previous_pack

    def pack_before(moment: date) -> "Previous | None":
        folder = previous or newest_before(out, moment, bundle.params.project.name)
        return previous_pack(folder, moment, bundle.params.project.name) if folder else None

    churn = bundle.params.churn
    if as_of is None and not churn.is_dated and not churn.events:
        raise DataError("no event in these exports tells which day they show; say it with --as-of")
    with scratch(out) as work:
        tables, quarantine, profile = work / "tables", work / "quarantine", work / "ingest.json"
        ingested = _ingest(bundle.params, exports, engine, tables, quarantine, profile, history, bundle.needs, today)
        made_from = read_json(profile)["made_from"]
        pack = _score(bundle, tables, engine, as_of, out, [quarantine, profile], made_from, pack_before, private)
        if house:
            run_report(house, bundle, engine, pack.folder, page_of(pack.folder), tables=tables)
        return replace(pack, read=tuple(ingested.lines(bundle.params.project.locale)))


def _ingest(
    params: Params | Travelling,
    exports: Sequence[Path],
    engine: Engine,
    tables: Path,
    quarantine: Path,
    report: Path,
    history: Path | None = None,
    needs: Mapping[str, Sequence[str]] | None = None,
    today: date | None = None,
) -> "Ingested":
    from churnml.ingest import ingest

    return ingest(
        exports=exports,
        sources=params.sources,
        params=params.ingest,
        project=params.project,
        churn=params.churn,
        pii=params.score.pii,
        named=params.named_of_customers(),
        engine=engine,
        tables=tables,
        quarantine=quarantine,
        report=report,
        history=history,
        needs=needs,
        today=today,
    )


def _score(
    bundle: "ModelBundle",
    tables: Path,
    engine: Engine,
    as_of: date | None,
    out: Path,
    aside: Sequence[Path],
    made_from: Mapping[str, str],
    previous: "Callable[[date], Previous | None]" = lambda _: None,
    private: bool = True,
) -> "Pack":
    from churnml.features import ask, condition, snapshot, unscored, write_context, write_peers
    from churnml.score import Export, score

    params = bundle.params
    with scratch(out) as work:
        rows, peers, asked = (work / f"{name}.parquet" for name in ("snapshots", "peers", "asked"))
        how: dict[str, Any] = {"tables": tables, "churn": params.churn, "engine": engine, "work": work}
        moment = snapshot(**how, params=params.features, as_of=as_of, out=rows)
        write_peers(**how, params=params.features, as_of=moment, out=peers)
        private_columns, context = params.private_of_customers(), work / "context.parquet"
        write_context(**how, private=private_columns, snapshots=rows, as_of=moment, out=context)
        what = ask(bundle.rules, **how, params=params.features, as_of=moment, out=asked)
        export = Export(
            as_of=moment,
            tables=tables,
            snapshots=rows,
            peers=peers,
            context=context,
            unscored=unscored(**how, snapshots=rows, as_of=moment),
            condition=condition(**how, params=params.features, snapshots=rows, as_of=moment),
            newest=as_of is None,
            asked=asked,
            told=what.told,
            asleep=what.asleep,
        )
        return score(
            bundle=bundle,
            export=export,
            engine=engine,
            out=out,
            previous=previous(moment),
            private=private,
            aside=aside,
            made_from=made_from,
        )
