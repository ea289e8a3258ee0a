"""Pictures that can be grabbed: one module per lesson's interactive figure, over one primitive, `Stage`."""

from optimlab.explorables.adam_switches import adam_switches
from optimlab.explorables.batch_sizes import batch_sizes
from optimlab.explorables.computation_graph import computation_graph
from optimlab.explorables.descent import ball_on_a_curve, ball_on_a_surface
from optimlab.explorables.momentum_plane import momentum_plane
from optimlab.explorables.moving_average import moving_average
from optimlab.explorables.moving_minimum import moving_minimum
from optimlab.explorables.predict import Predict
from optimlab.explorables.race import race
from optimlab.explorables.rare_features import rare_features

__all__ = ["Predict", "adam_switches", "ball_on_a_curve", "ball_on_a_surface", "batch_sizes",
           "computation_graph", "momentum_plane", "moving_average", "moving_minimum", "race", "rare_features"]
