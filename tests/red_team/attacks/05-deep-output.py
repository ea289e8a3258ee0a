# what: outputs whose data is 400 lists deep, and lists as large as they may be
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
deep = "x"
for _ in range(400):
    deep = [deep]
publish = get_ipython().display_pub.publish
publish({"application/json": deep}, {"deep": deep})
publish({"application/json": [[]] * 900_000})
get_ipython().display_pub.outputs.append({"output_type": "stream", "name": "stdout", "text": deep})
