# what: an error with a text of 100 MB, and a chain of errors a thousand long
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
def chain(n):
    try:
        n and chain(n - 1)
    finally:
        raise ValueError("x" * 100_000)

chain(300)
# %% extra after update_parameters_with_adam
raise ValueError("x" * 100_000_000)
