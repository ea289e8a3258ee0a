"""Pictures that can be grabbed: one module per lesson's interactive figure, over one primitive, `Stage`."""

from optimlab.explorables.batch_sizes import batch_sizes
from optimlab.explorables.moving_average import moving_average
from optimlab.explorables.predict import Predict

__all__ = ["Predict", "batch_sizes", "moving_average"]
