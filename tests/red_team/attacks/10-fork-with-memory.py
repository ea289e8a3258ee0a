# what: many processes, each with a share of memory that is allowed
# points: 20
# mistakes: flag: run, says: more than 2 GB of memory
# %% extra after update_parameters_with_adam
#: won
import os, time
reading, writing = os.pipe()
for _ in range(16):
    if not os.fork():
        kept = bytearray(b"x" * 250_000_000)
        os.write(writing, b"x")
        time.sleep(100)
total = 0
while len(os.read(reading, 1)):
    total += 0.25
    if total >= 3:
        won("holds", total, "GB")
