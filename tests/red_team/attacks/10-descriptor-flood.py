# what: 1 GB straight to the standard descriptors
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
import os
for _ in range(1000):
    for descriptor in (1, 2):
        os.write(descriptor, b"x" * 1_000_000)
