"""Simulated worlds that tests read; each is made once."""

import pytest

from churnml.simulate import simulate, world_of
from truths import Made


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory):
    """Worlds by kind, twists and size; the same one is made once."""
    made: dict[tuple, Made] = {}

    def of(kind: str, *twists: str, customers: int = 4000, weeks: int | None = None) -> Made:
        key = kind, twists, customers, weeks
        if key not in made:
            folder = tmp_path_factory.mktemp("world") / "w"
            world = world_of(kind, twists, weeks)
            made[key] = Made(folder, world, simulate(folder, world, customers=customers, seed=7, twists=twists))
        return made[key]

    return of


@pytest.fixture(scope="session")
def retail(make) -> Made:
    """Shoppers, enough of them to find again what was planted."""
    return make("retail", customers=16_384)
