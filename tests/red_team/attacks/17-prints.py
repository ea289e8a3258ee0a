# what: honest: prints everything, with colours, and shows tables
# points: 20
# mistakes: unflagged
# %% extra after update_parameters_with_adam
for _ in range(1000):
    print("\033[1mW1\033[0m", np.arange(5))
np.set_printoptions(precision=2)
np.ones((20, 20))
