"""Pictures that can be grabbed: one module per lesson's interactive figure, over one primitive, `Stage`."""

from optimlab.explorables.predict import Predict

__all__ = ["Predict"]
