"""What a panel holds, in numbers."""

from pathlib import Path

import pyarrow.parquet as pq


def sizes(snapshots: Path) -> dict[str, tuple[int, float]]:
    """Snapshots and churn rate, by split."""
    rows = pq.read_table(snapshots, columns=["split", "label"]).group_by("split")
    counted = rows.aggregate([("label", "count"), ("label", "mean")]).to_pylist()
    return {row["split"]: (row["label_count"], row["label_mean"]) for row in counted}
