"""The course's data: one made-up set, two real ones and a book, and how to split and standardize them.

Examples are *columns*: `X` has shape (n_x, m), one row for each feature and one column for each
example, as in the slides' network. `Y` has shape (n_y, m). `labels` has shape (m,) and holds
the class of each example as an integer.
"""

import csv
import gzip
import re
from importlib.resources import files
from typing import NamedTuple

import numpy as np

__all__ = ["Examples", "Split", "Weather", "two_moons", "digits", "seattle_weather", "alice", "split",
           "standardize"]


class Examples(NamedTuple):
    """Labelled examples: `X` (n_x, m) floats, `Y` (n_y, m) floats, `labels` (m,) integers.

    With two classes Y is one row of 0 and 1. With more it is one-hot: Y[k, i] is 1 if example i
    belongs to class k, else 0.
    """
    X: np.ndarray
    Y: np.ndarray
    labels: np.ndarray


class Split(NamedTuple):
    """Two sets of `Examples` without a common example: one to learn from, one to be tested on."""
    train: Examples
    test: Examples


class Weather(NamedTuple):
    """Daily weather, every field of shape (days,), in the order of the calendar.

    `date` days (datetime64[D]); `precipitation` mm; `temp_max` and `temp_min` deg C; `wind` m/s;
    `weather` one of "drizzle", "fog", "rain", "snow", "sun".
    """
    date: np.ndarray
    precipitation: np.ndarray
    temp_max: np.ndarray
    temp_min: np.ndarray
    wind: np.ndarray
    weather: np.ndarray


def two_moons(rng: np.random.Generator, n: int = 400, noise: float = 0.2) -> Examples:
    """Two interleaved half circles: two classes that no straight line separates.

    Rule: class 0 is (cos a, sin a), class 1 is (1 - cos a, 0.5 - sin a), with a evenly spread over
    0 .. pi; each coordinate then gets normal noise of standard deviation `noise`.

    `rng`: a numpy.random.Generator. `n`: how many examples, half of each class, in random order.
    Returns `Examples` with X (2, n), Y (1, n). No units.
    Raises ValueError when n is less than 2 or noise is negative.

    >>> moons = two_moons(np.random.default_rng(0), n=100)
    >>> moons.X.shape, moons.Y.shape, int(moons.labels.sum())
    ((2, 100), (1, 100), 50)
    """
    if n < 2 or noise < 0:
        raise ValueError(f"two moons need n >= 2 and noise >= 0, got n={n}, noise={noise}")
    outer, inner = np.linspace(0, np.pi, n - n // 2), np.linspace(0, np.pi, n // 2)
    X = np.hstack([[np.cos(outer), np.sin(outer)], [1 - np.cos(inner), 0.5 - np.sin(inner)]])
    labels = np.repeat([0, 1], [outer.size, inner.size])
    order = rng.permutation(n)
    X = X[:, order] + noise * rng.standard_normal((2, n))
    labels = labels[order]
    return Examples(X, labels[None].astype(float), labels)


def digits() -> Examples:
    """Handwritten digits: 1,797 pictures of 8 x 8 pixels.

    Returns `Examples` with X (64, 1797), ink from 0 (none) to 16, pixels row by row; Y (10, 1797)
    one-hot; labels 0 .. 9. `X[:, i].reshape(8, 8)` is a picture. Each call reads the file anew: the
    arrays are yours to change.

    >>> pictures = digits()
    >>> pictures.X.shape, pictures.Y.shape, pictures.labels[:5]
    ((64, 1797), (10, 1797), array([0, 1, 2, 3, 4]))

    Source: the test part of "Optical Recognition of Handwritten Digits", E. Alpaydin and
    C. Kaynak 1998, UCI Machine Learning Repository, doi 10.24432/C50P49. Licence: CC BY 4.0.
    """
    table = np.loadtxt(_lines("digits.csv.gz"), delimiter=",", dtype=float)
    labels = table[:, -1].astype(int)
    X = np.ascontiguousarray(table[:, :-1].T)
    return Examples(X, (np.arange(10)[:, None] == labels).astype(float), labels)


def seattle_weather() -> Weather:
    """Daily weather in Seattle from 2012-01-01 to 2015-12-31: 1,461 days, none missing.

    Returns `Weather`, every field of shape (1461,), in mm, deg C and m/s.

    >>> weather = seattle_weather()
    >>> str(weather.date[0]), float(weather.temp_max[0]), str(weather.weather[0])
    ('2012-01-01', 12.8, 'drizzle')

    Source: NOAA National Climatic Data Center. Licence: public domain.
    """
    rows = list(csv.DictReader(_lines("seattle-weather.csv.gz")))

    def column(name: str, dtype: type) -> np.ndarray:
        return np.array([row[name] for row in rows], dtype=dtype)

    return Weather(
        date=np.array([row["date"].replace("/", "-") for row in rows], dtype="datetime64[D]"),
        precipitation=column("precipitation", float),
        temp_max=column("temp_max", float),
        temp_min=column("temp_min", float),
        wind=column("wind", float),
        weather=column("weather", str),
    )


def alice() -> list[str]:
    """The words of a real book in their order: some 26,000 of them, all in small letters, no punctuation.

    >>> words = alice()
    >>> " ".join(words[6:15])
    'alice was beginning to get very tired of sitting'

    Source: Lewis Carroll 1865, *Alice's Adventures in Wonderland*. Licence: public domain.
    """
    return re.findall(r"[a-z]+(?:'[a-z]+)?", "\n".join(_lines("alice.txt.gz")).lower())


def _lines(name: str) -> list[str]:
    packed = files("optimlab").joinpath("data", name).read_bytes()
    return gzip.decompress(packed).decode().splitlines()


def split(examples: Examples, rng: np.random.Generator, test_share: float = 0.2) -> Split:
    """Part examples at random into a training set and a test set.

    `rng`: a numpy.random.Generator. `test_share`: the share of examples set aside for the test, in
    (0, 1), rounded to whole examples. Returns `Split`. Raises ValueError when a part would be
    empty.

    >>> train, test = split(two_moons(np.random.default_rng(0)), np.random.default_rng(1))
    >>> train.X.shape, test.X.shape
    ((2, 320), (2, 80))
    """
    m = examples.labels.size
    tested = round(test_share * m)
    if not 0 < tested < m:
        raise ValueError(f"test_share={test_share} of {m} examples leaves one part empty")
    order = rng.permutation(m)
    return Split(train=_pick(examples, order[tested:]), test=_pick(examples, order[:tested]))


def _pick(examples: Examples, which: np.ndarray) -> Examples:
    return Examples(examples.X[:, which], examples.Y[:, which], examples.labels[which])


def standardize(parts: Split) -> Split:
    """Shift and scale every feature to mean 0 and standard deviation 1 over the training set.

    Rule: X = (X - mean) / deviation, both measured on `parts.train` alone: the test set must not
    leak into the training. A feature that never changes there is shifted and not scaled.

    `parts`: a `Split`. Returns a new `Split`; features lose their unit.

    >>> parts = split(digits(), np.random.default_rng(0))
    >>> train, test = standardize(parts)
    >>> float(abs(train.X.mean(axis=1)).max()) < 1e-12
    True
    """
    mean = parts.train.X.mean(axis=1, keepdims=True)
    deviation = parts.train.X.std(axis=1, keepdims=True)
    deviation[deviation == 0] = 1
    return Split(*(part._replace(X=(part.X - mean) / deviation) for part in parts))
