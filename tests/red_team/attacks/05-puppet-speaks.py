# what: the same, with scripts, escapes and half characters for errors, lines and types
# points: 0
# mistakes: flag: rules, at most
# %% extra before initialize_adam
#: inside
from optimlab.classroom.sandbox import frames
here = inside()
bad = "<script>document.title='@MARK@'</script>\x1b]0;@MARK@\x07\n\u202e\ud800</pre>" + "x" * 2_000_000
for number, source in here["bundle"].head["cells"]:
    if number >= here["number"]:
        frames.write(here["out"], {"kind": "outputs", "number": number, "outputs": []})
frames.write(here["out"], {"kind": "missing", "functions": [bad, {}, 5]})
outcomes = ["raised", "returned", "died", "not_attempted", "never_ended"]
for number, challenge in here["challenges"].items():
    frames.write(here["out"], {
        "kind": "answer", "number": number, "outcome": outcomes[number % 4], "results": [["text", bad]] * 8, "message": bad,
        "line": bad, "container": bad, "probed": [], "changed": []})
os._exit(0)
# %% initialize_adam
#: empty
# %% update_parameters_with_adam
#: empty
