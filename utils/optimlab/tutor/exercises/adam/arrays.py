"""What both exercises of the Adam assignment share: the network's arrays, their names and shapes."""

PARAMETERS = ("W1", "b1", "W2", "b2")
MOMENTS = tuple("v" + p for p in PARAMETERS) + tuple("s" + p for p in PARAMETERS)

# (n_x, n_h, n_y) of the networks that functions are tried on.
UNITS = {"one unit": (1, 1, 1), "wide": (6, 2, 1), "tall": (2, 6, 1), "many outputs": (3, 4, 5)}


def shapes(n_x: int, n_h: int, n_y: int) -> list[tuple[int, int]]:
    """The shapes of W1, b1, W2, b2.

    >>> shapes(2, 4, 1)
    [(4, 2), (4, 1), (1, 4), (1, 1)]
    """
    return [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)]
