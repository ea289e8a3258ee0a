# what: outputs that are larger when they are written again: letters that JSON escapes
# points: 20
# mistakes: flag: rules, at most
# %% extra after update_parameters_with_adam
#: inside
import json, struct
here = inside()
text = json.dumps({"kind": "outputs", "number": here["number"], "arrays": [], "outputs": [
    {"output_type": "stream", "name": "stdout", "text": "\u0300" * 7_000_000}]}, ensure_ascii=False).encode()
here["out"].write(struct.pack("<IQ", len(text), 0) + text)
here["out"].flush()
