# what: a million small prints to both streams, and warnings without end
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
import sys
for n in range(300_000):
    print(n)
    print(n, file=sys.stderr)
