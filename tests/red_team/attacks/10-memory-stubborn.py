# what: takes memory for ever in the function and swallows every refusal
# points: 4
# mistakes: never_ends
# %% update_parameters_with_adam
kept = []

def update_parameters_with_adam(*everything, **keywords):
    while True:
        try:
            if len(kept) < 5000:
                kept.append(np.ones(1_000_000))
        except BaseException:
            pass
