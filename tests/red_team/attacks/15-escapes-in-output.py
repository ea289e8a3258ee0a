# what: terminal escape sequences in what it prints: title, clipboard, links, clearing, fonts
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
import sys
bad = "\x1b]0;@MARK@\x07\x1b[2J\x1b[31m\x1b]52;c;QE1BUks=\x07\x1b]8;;http://127.0.0.1/@MARK@\x07x\x1b]8;;\x07\x9b31m\x90x\x9c\x08\x08\r\x00"
print(bad)
print(bad, file=sys.stderr)
raise ValueError(bad)
