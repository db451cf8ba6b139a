"""What a stranger reads about a pipeline in MLflow: which numbers decide, and how they compare with the champion's."""

from collections.abc import Mapping
from typing import Any

from churnml.adapters.mlflow.registry import CHAMPION, version_of
from churnml.adapters.mlflow.store import MODEL_VERSION, PARENT, PIPELINE, STAGE, MlflowStore, things

LOSS = "test.log_loss"
_OVER = "backtest.differences.recency.auc"
_HEADLINE = ("test.", "tiers.", "customers.", "baselines.recency.", _OVER)
_SAME_TASK = ("churn.", "panel.")
_MOST = 15
_UNBROKEN = "\u00a0"


def headline(stage: Any) -> dict[str, float]:
    """The metrics of a stage that stand for the whole pipeline: quality with its intervals, and the lists' sizes."""
    if stage.data.tags[STAGE] not in ("calibrate", "score"):
        return {}
    return {name: value for name, value in stage.data.metrics.items() if name.startswith(_HEADLINE)}


def verdict(store: MlflowStore, parent: str) -> str:
    """Markdown for the description of a parent run."""
    run = store.client.get_run(parent)
    lines = [*_quality(run.data.metrics), *_standing(store, run)] if LOSS in run.data.metrics else []
    cached = things(run, "cached")
    if cached:
        made = ", ".join(f"{stage} (run {run_id[:12]})" for stage, run_id in sorted(cached.items()))
        lines.append(f"Taken from the cache, made by earlier runs: {made}.")
    return "\n\n".join(lines)


def standings(store: MlflowStore) -> str:
    """Markdown for the description of the experiment: the best pipelines by log loss, and what sets them apart."""
    order = [f"metrics.`{LOSS}` ASC"]
    parents = store.client.search_runs([store.experiment_id], f"tags.`{PIPELINE}` LIKE '%'", 1, 200, order)
    measured = [run for run in parents if LOSS in run.data.metrics]
    best = _champions_run(store) or (measured[0] if measured else None)
    comparable = [run for run in measured if best and _task(run) == _task(best)][:_MOST]
    if not comparable:
        return ""
    first = comparable[0]
    table = ["| run | log loss | AUC | model | differs from the champion in |", "|---|---|---|---|---|"]
    return "\n\n".join(
        [
            f"**Lowest log loss: {first.info.run_name}, {first.data.metrics[LOSS]:.4f}**, on cutoffs that the model had not "
            f"seen; lower is better. Open this box to compare.",
            "\n".join([*table, *(_row(store, run, best) for run in comparable)]),
            "Each run is one pipeline, its stages are below it. A difference that is small beside the interval may be "
            "chance.",
        ]
    )


def _row(store: MlflowStore, run: Any, best: Any) -> str:
    said = run.data.metrics
    link = f"[{run.info.run_name}](#/experiments/{store.experiment_id}/runs/{run.info.run_id})"
    loss = f"{said[LOSS]:.4f} [{said[f'{LOSS}_low']:.4f}, {said[f'{LOSS}_high']:.4f}]"
    differs = _differences(run, best) if run.info.run_id != best.info.run_id else "this is the champion"
    loss = loss.replace(" ", _UNBROKEN)
    return f"| {link} | {loss} | {said['test.auc']:.3f} | {_model(store, run)} | {differs or 'nothing'} |"


def _quality(metrics: Mapping[str, float]) -> list[str]:
    said, beside = metrics, ""
    if "baselines.recency.log_loss" in said:
        beside = (
            f"; days since the last purchase alone: {said['baselines.recency.log_loss']:.4f} and "
            f"{said['baselines.recency.auc']:.3f}"
        )
    over = []
    if _OVER in said:
        over = [
            f"AUC minus that of days since the last purchase, pair by pair over all cutoffs that were predicted before the "
            f"fact: {said[_OVER]:+.3f} [{said[f'{_OVER}_low']:+.3f}, {said[f'{_OVER}_high']:+.3f}]; where the interval "
            f"reaches 0, it isn't shown to rank better."
        ]
    return [
        f"**Log loss {said[LOSS]:.4f}** [{said[f'{LOSS}_low']:.4f}, {said[f'{LOSS}_high']:.4f}], lower is better, on "
        f"cutoffs that the model had not seen; **AUC {said['test.auc']:.3f}** [{said['test.auc_low']:.3f}, "
        f"{said['test.auc_high']:.3f}], higher is better{beside}.",
        f"Said {said['test.risk']:.1%} would leave, {said['test.churn_rate']:.1%} did.",
        *over,
    ]


def _standing(store: MlflowStore, run: Any) -> list[str]:
    model, champion = _model(store, run), _champions_run(store)
    its = f"Its model is `{model}`" if model else "Its model isn't registered"
    if not champion or CHAMPION in model:
        return [f"{its}."]
    if _task(champion) != _task(run):
        return [f"{its}. It answers another question than the champion: churn or panel differ."]
    theirs = champion.data.metrics[LOSS]
    difference = round(run.data.metrics[LOSS] - theirs, 4)
    word = f"{difference:+.4f}, {'better' if difference < 0 else 'worse'}" if difference else "the same"
    return [
        f"{its}. Against the champion ({champion.info.run_name}, {theirs:.4f}): {word}; a difference that is small "
        f"beside the interval may be chance. Differs in: {_differences(run, champion) or 'nothing'}."
    ]


def _model(store: MlflowStore, run: Any) -> str:
    """`churnml version 3 (challenger)`; empty where no stage of this pipeline, executed or cached, made a model."""
    number = run.data.tags.get(MODEL_VERSION, "")
    found = version_of(store, number) if number else None
    return found.words if found else ""


def _champions_run(store: MlflowStore) -> Any | None:
    from mlflow.exceptions import MlflowException

    try:
        champion = store.client.get_model_version_by_alias(store.experiment, CHAMPION)
        stage = store.client.get_run(champion.run_id)
        parent = store.client.get_run(stage.data.tags.get(PARENT, champion.run_id))
    except MlflowException:
        return None
    return parent if LOSS in parent.data.metrics else None


def _task(run: Any) -> dict[str, str]:
    return {name: value for name, value in run.data.params.items() if name.startswith(_SAME_TASK)}


def _differences(run: Any, other: Any) -> str:
    """Params that differ, with the other's value, and the commit if it does."""
    mine, theirs = run.data.params, other.data.params
    names = sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name))
    said = [f"{name} {mine.get(name, '-')} ({theirs.get(name, '-')})" for name in names]
    commits = {each.data.tags.get("mlflow.source.git.commit", "") for each in (run, other)}
    if len(commits) > 1:
        said.append(f"commit {run.data.tags.get('mlflow.source.git.commit', '-')[:7]}")
    return ", ".join(said)
