# what: a list that grows for ever, in a cell; it says when it has more than 2.5 GB
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
#: won
kept = []
while len(kept) < 25:
    kept.append(np.ones(12_500_000))
won("holds", len(kept) / 10, "GB")
