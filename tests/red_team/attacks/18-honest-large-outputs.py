# what: honest: outputs of three megabytes, in figures and in text
# points: 20
# mistakes: unflagged
# %% extra after update_parameters_with_adam
from IPython.display import HTML, display
for _ in range(3):
    display(HTML("<p>a large table</p>" + "x" * 1_000_000))
print("y" * 150_000)
