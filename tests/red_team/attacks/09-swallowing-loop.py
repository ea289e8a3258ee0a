# what: a loop that swallows whatever is raised in it
# points: 4
# mistakes: never_ends
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
