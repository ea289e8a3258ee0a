# what: os._exit in an added cell: what came before and the rest are graded
# points: 20
# mistakes: flag: run, says: ended the whole Python process
# %% extra after initialize_adam
import os
print("before the end")
os._exit(0)
