# what: a picture of 100 MB
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
import os
from IPython.display import Image, display
display(Image(data=b"\x89PNG\r\n\x1a\n" + os.urandom(100_000_000), format="png"))
