"""Words of amount in lesson 03, such as "one update of eight": counted."""
import re

import numpy as np
import pytest

from optimlab.lessons import batch_stochastic_mini_batch as lesson


@pytest.fixture(scope="module")
def gradients():
    """Of each single day and of all of them, at a place: where the lesson starts, or 1 °C from the best line."""
    x, y, best = lesson._days()
    places = {"start": np.zeros(2), "close": best - 1}
    return {name: (np.array([lesson._gradient(w, x[[i]], y[[i]]) for i in range(x.size)]), lesson._gradient(w, x, y))
            for name, w in places.items()}


def test_a_single_day_points_the_right_way_far_out_and_often_the_wrong_way_close_to_the_goal(gradients):
    away = {name: np.mean(single @ all_days < 0) for name, (single, all_days) in gradients.items()}
    assert away["start"] < 0.01 and 0.4 < away["close"] < 0.5


def test_of_the_updates_that_go_uphill():
    """None of batch, one in eight of mini-batches, half of the single days'."""
    uphill = [int(share) for share in re.findall(r">(\d+)%<", lesson.show_the_three()._repr_mimebundle_()["text/html"])]
    assert uphill[0] == 0 and 100 / 9 < uphill[1] < 100 / 7 and 45 < uphill[2] < 55


def test_a_tenth_of_the_days_points_as_all_do_far_out_and_elsewhere_close_by():
    angles = [float(angle) for angle in re.findall(r">([\d.]+)°<", lesson.show_redundancy()._repr_mimebundle_()["text/html"])]
    assert angles[0] < 5 and angles[1] > 45
