# what: prints 400 MB in one piece, and as the value of the cell
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
print("x" * 400_000_000)
"y" * 400_000_000
