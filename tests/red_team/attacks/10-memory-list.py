# what: a list that grows for ever, in a cell; it says when it has more than 3 GB
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
#: won
kept = []
while len(kept) < 32:
    kept.append(bytearray(b"x" * 100_000_000))
won("holds", len(kept) / 10, "GB")
