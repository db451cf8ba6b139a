"""What the tests of ingest share."""

from pathlib import Path

import pytest

from churnml.ports import Engine
from intake import Shop


@pytest.fixture
def shop(tmp_path: Path, engine: Engine) -> Shop:
    """An empty project folder."""
    return Shop(tmp_path, engine)
