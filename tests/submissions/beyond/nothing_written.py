# what: handed in as released
# points: 0
# mistakes: not_attempted
