# what: prints 1 GB
# points: 20
# mistakes: says: characters in all
# %% extra after update_parameters_with_adam
line = "x" * 999_999
for _ in range(1000):
    print(line)
