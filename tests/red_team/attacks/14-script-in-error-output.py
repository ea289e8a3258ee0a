# what: an error output with scripts in its traceback, past the escaping of colours
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
get_ipython().display_pub.outputs.append({
    "output_type": "error", "ename": "<script>@MARK@</script>", "evalue": "<img src=x onerror=@MARK@>",
    "traceback": ["\x1b[31m<script>document.title='@MARK@'</script>", "\x1b]8;;javascript:@MARK@\x07x\x1b]8;;\x07"]})
get_ipython().display_pub.outputs.append({"output_type": "stream", "name": "<script>@MARK@</script>", "text": "<script>@MARK@</script>"})
