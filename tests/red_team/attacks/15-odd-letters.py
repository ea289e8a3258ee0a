# what: half characters, private letters, a million combining marks: in output, error and source
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
print("\ud800 \udfff \ufdd0 \U0010ffff \ufeff" + "a" + "\u0301" * 100_000)
raise ValueError("\ud83d @MARK@ \udc00")
