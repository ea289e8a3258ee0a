# what: memory in anonymous files, which are nobody's and on no disk
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
#: won
import os
block, total, files = b"x" * 10_000_000, 0, []
while total < 3_000_000_000:
    files.append(os.memfd_create("@MARK@"))
    for _ in range(25):
        total += os.write(files[-1], block)
won("holds", total)
