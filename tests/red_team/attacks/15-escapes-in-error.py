# what: escape sequences in an error of the function, which the feedback quotes
# points: 4
# mistakes: raises
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    raise ValueError("\x1b]0;@MARK@\x07\x1b[2J \u202e\u2066 \x9b31m \x00 \r\n\x08 \ud83d @MARK@")
