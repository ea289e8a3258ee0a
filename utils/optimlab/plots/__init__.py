"""The course's static figures. Each function draws on the Axes it is given and returns it.

    figure, ax = plots.picture()
    plots.losses(ax, {"Adam": history.step_losses})
    figure                                # the last line of a cell shows it, with its alt text

One colour an optimizer, the same in every figure (Okabe and Ito's set, told apart by colour-blind
readers too). A figure's title says what to see; its alt text says it to who cannot see it.
"""

from optimlab.plots.comparisons import decision_chart, ranking, rate_map, training_losses
from optimlab.plots.course_map import course_map
from optimlab.plots.curves import BATCH_COLORS, SERIES, averages, contours, curves, losses
from optimlab.plots.figure import DOTS_PER_INCH, Picture, Row, describe, image, picture
from optimlab.plots.networks import decision_boundary, gradient_shapes, network_shapes
from optimlab.plots.table import Table
from optimlab.syllabus import COLORS

__all__ = ["BATCH_COLORS", "COLORS", "DOTS_PER_INCH", "SERIES", "Picture", "Row", "Table", "averages", "contours",
           "course_map", "curves", "decision_boundary", "decision_chart", "describe", "gradient_shapes", "image",
           "losses", "network_shapes", "picture", "ranking", "rate_map", "training_losses"]
