# what: everything as it was handed out
# points: 0
# mistakes: not_attempted
