"""Chance that can be repeated: a number depends on seed, customer, purpose and moment, and on nothing else.

No number depends on how many were drawn before, so customers can be simulated in any order and in parts of any size.
Everything is whole-number arithmetic, or sums and products of floats, which all processors round alike.

Source: the mixing function is SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
"""

from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_Bits = npt.NDArray[np.uint64]

_STEP = np.uint64(0x9E3779B97F4A7C15)
_CELLS = 1024
_BEFORE = 1 << 20


def _mixed(bits: _Bits) -> _Bits:
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@lru_cache
def _stream(purpose: str) -> int:
    return crc32(purpose.encode()) << 32


def whole(values: Floats) -> Ints:
    """Numbers without their fraction.

    >>> whole(np.array([1.9, 0.2])).tolist()
    [1, 0]
    """
    cut: Ints = values.astype(np.int64)
    return cut


class Draws:
    """Uniform numbers for some customers.

    Args:
        seed: of the world.
        customers: their numbers in the world, shape (n,).
    """

    def __init__(self, seed: int, customers: Ints) -> None:
        start = _mixed(np.array([seed], dtype=np.uint64) + _STEP)
        self._keys = _mixed(start + customers.astype(np.uint64) * _STEP)

    def uniform(self, purpose: str, moment: int | Ints = 0, among: Ints | None = None) -> Floats:
        """Numbers in [0, 1), one per customer.

        Args:
            purpose: what is decided; other purposes give independent numbers.
            moment: when, a whole number between -2**20 and 2**31, or one per customer.
            among: positions of the customers that are asked for; None: all.

        >>> Draws(7, np.array([3, 4])).uniform("leave", 12).round(3).tolist()
        [0.545, 0.37]
        >>> Draws(7, np.array([4])).uniform("leave", 12).round(3).tolist()
        [0.37]
        """
        keys = self._keys if among is None else self._keys[among]
        count = (np.atleast_1d(moment) + _BEFORE).astype(np.uint64) + np.uint64(_stream(purpose))
        bits: _Bits = _mixed(keys + count * _STEP)
        return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def happens(self, purpose: str, moment: int, chance: Floats | float, where: Flags) -> Ints:
        """Positions of the customers, among those in `where`, to whom something of this chance happens."""
        able = np.flatnonzero(where)
        odds = chance[able] if isinstance(chance, np.ndarray) else chance
        return able[self.uniform(purpose, moment, able) < odds]


class Quantiles:
    """A distribution as a table: uniform numbers in, its quantiles out. The outermost half cells are cut off."""

    def __init__(self, values: Floats) -> None:
        self._values = values

    def __call__(self, uniform: Floats) -> Floats:
        """Quantiles, rounded to a millionth, so that no last bit depends on the machine."""
        place = uniform * _CELLS
        cell = whole(place)
        low, high = self._values[cell], self._values[cell + 1]
        return (low + (place - cell) * (high - low)).round(6)

    @classmethod
    def gamma(cls, shape: float) -> "Quantiles":
        """The gamma distribution of mean 1; a small shape is skewed, 1 is exponential, a large one nearly constant.

        >>> Quantiles.gamma(1.0)(np.array([0.5])).tolist()
        [0.693535]
        """
        edges = np.arange(_CELLS + 1) / _CELLS
        values = gammaincinv(shape, edges.clip(0.5 / _CELLS, 1 - 0.5 / _CELLS)).round(9)
        mean = float((values[:-1] + values[1:]).sum()) / (2 * _CELLS)
        return cls((values / mean).round(6))
