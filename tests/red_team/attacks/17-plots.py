# what: honest: plots, saved and closed and never shown, with a font that is not there
# points: 20
# mistakes: unflagged
# %% extra after update_parameters_with_adam
import matplotlib.pyplot as plt
plt.rcParams["font.family"] = "Comic Sans MS"
plt.plot([1, 2])
plt.savefig("plot.png")
plt.close("all")
plt.show()
