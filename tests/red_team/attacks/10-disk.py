# what: fills every folder that it can write to; says when one took more than 1 GB
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
#: won
import os
block = b"x" * 10_000_000
for folder in (".", "/tmp", "/var/tmp", "/dev/shm", "/run", "/dev/mqueue", os.path.expanduser("~"), "/"):
    total = 0
    try:
        for n in range(11):
            with open(f"{folder}/fill-{n}", "wb") as file:
                for _ in range(10):
                    total += file.write(block)
    except OSError as error:
        print(folder, total, error)
    if total > 1_000_000_000:
        won("filled", folder)
