# what: memory in anonymous files, which no process has mapped and which are on no disk
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
#: won
import os
total, files = 0, []
while total < 2_600_000_000:
    files.append(os.memfd_create("@MARK@"))
    os.posix_fallocate(files[-1], 0, 200_000_000)
    total += 200_000_000
won("holds", total)
