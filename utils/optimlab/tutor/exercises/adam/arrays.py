"""What both exercises of the Adam assignment share: the network's arrays, their names and shapes."""

from numpy.random import Generator

PARAMETERS = ("W1", "b1", "W2", "b2")
MOMENTS = tuple("v" + p for p in PARAMETERS) + tuple("s" + p for p in PARAMETERS)

Units = tuple[int, int, int]  # n_x, n_h, n_y


def networks(rng: Generator) -> dict[str, Units]:
    """The networks that functions are tried on, of sizes that nobody knows beforehand.

    >>> from numpy.random import default_rng
    >>> networks(default_rng(0))["one unit"]
    (1, 1, 1)
    """
    few, many, more = (int(n) for n in rng.integers((2, 7, 7), (4, 10, 10)))
    n_x, n_h, n_y = (int(n) for n in rng.permutation([4, 6, 7, 8])[:3])
    return {"one unit": (1, 1, 1), "wide": (many, few, 1), "tall": (few, more, 1), "many outputs": (n_x, n_h, n_y)}


def shapes(n_x: int, n_h: int, n_y: int) -> list[tuple[int, int]]:
    """The shapes of W1, b1, W2, b2.

    >>> shapes(2, 4, 1)
    [(4, 2), (4, 1), (1, 4), (1, 1)]
    """
    return [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)]
