# what: a file of 10 TB that is nearly empty, and one reserved at once
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
#: won
import os
for attempt in (lambda d: os.truncate(d, 10**13), lambda d: os.posix_fallocate(d, 0, 5 * 10**9)):
    descriptor = os.open("sparse", os.O_CREAT | os.O_RDWR)
    try:
        attempt(descriptor)
        won("made a file of", os.fstat(descriptor).st_size)
    except OSError as error:
        print(error)
