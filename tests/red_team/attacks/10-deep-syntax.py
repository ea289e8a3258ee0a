# what: source so deeply nested that the parser gives up
# points: 4
# mistakes: raises
# %% update_parameters_with_adam
update_parameters_with_adam = eval("(" * 500 + "1" + ")" * 500) or eval("-" * 100_000 + "1")
def update_parameters_with_adam(*everything, **keywords):
    return eval("(" * 500 + "1" + ")" * 500)
