# what: honest: writes a file and reads it again
# points: 20
# mistakes: unflagged
# %% extra after update_parameters_with_adam
np.savetxt("moments.txt", np.ones(3))
print(np.loadtxt("moments.txt"))
with open("notes.txt", "w") as file:
    file.write("my notes")
