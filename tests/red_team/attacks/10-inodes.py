# what: a million empty files, folders and links
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
import os
for n in range(1_000_000):
    os.close(os.open(f"/tmp/empty-{n}", os.O_CREAT | os.O_WRONLY))
    os.symlink("x" * 200, f"/dev/shm/link-{n}")
won("made", n)
