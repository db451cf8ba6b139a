"""What remembering costs: `dvc repro --force` on the demo with tracking and without, by turns.

Run it in a project in which `make run` has run, on a machine that does nothing else:

    python benchmarks/tracking.py [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WITHOUT = """
import churnml.cli.tracking
churnml.cli.tracking.tracker_for = lambda track: None
"""


def seconds(path: str) -> float:
    """Wall time of the whole pipeline, computed again."""
    start = time.perf_counter()
    subprocess.run(["dvc", "repro", "--force"], check=True, capture_output=True, env={**os.environ, "PYTHONPATH": path})
    return time.perf_counter() - start


def main(rounds: int) -> None:
    """Print each pair and the median ratio."""
    with tempfile.TemporaryDirectory() as patch:
        (Path(patch) / "sitecustomize.py").write_text(WITHOUT, encoding="utf-8")
        ratios = []
        for _ in range(rounds):
            without, with_ = seconds(patch), seconds("")
            ratios.append(with_ / without)
            print(f"without {without:.1f} s, with {with_:.1f} s: {with_ / without - 1:+.1%}", flush=True)
    print(f"tracking costs {statistics.median(ratios) - 1:+.1%} of the wall time (median of {rounds})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
