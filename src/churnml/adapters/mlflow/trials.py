"""What tuning tried: one run per trial, below the run of the stage."""

from churnml.adapters.mlflow.store import PARENT, MlflowStore, has, tag
from churnml.adapters.mlflow.write import log_metrics, log_params, millis
from churnml.ports import StageRun, Trial

NUMBER, STATE = tag("trial", "number"), tag("trial", "state")


def log_trials(store: MlflowStore, parent: str, run: StageRun) -> None:
    """Write trials as children of the run of their stage; those that are there already are written again, not twice."""
    if not run.trials:
        return
    known = {child.data.tags.get(NUMBER): child.info.run_id for child in store.runs(has(PARENT, parent))}
    started_at = run.started_at
    for trial in run.trials:
        ended_at = trial.ended_at or run.ended_at
        child = known.get(str(trial.number)) or _begun(store, parent, run, trial, millis(started_at))
        log_params(store.client, child, trial.params)
        log_metrics(store.client, child, {"cv.log_loss": trial.log_loss, "cv.folds": trial.folds})
        store.client.set_terminated(child, "KILLED" if trial.pruned else "FINISHED", millis(ended_at))
        started_at = ended_at


def _begun(store: MlflowStore, parent: str, run: StageRun, trial: Trial, started_at: int) -> str:
    tags = {
        PARENT: parent,
        NUMBER: str(trial.number),
        STATE: "pruned" if trial.pruned else "complete",
        "mlflow.source.name": f"churnml {run.stage}",
        "mlflow.source.type": "LOCAL",
    }
    name = f"trial {trial.number}" if trial.number else "params as they stand"
    return str(store.client.create_run(store.experiment_id, started_at, tags, name).info.run_id)
