# what: scripts in the code of an answer, in its comments and names
# points: 20
# mistakes:
# %% initialize_adam
# </pre></script><script>document.title='@MARK@'</script><img src=x onerror="document.title='@MARK@'">
#: right
# {{ '</pre><script>document.title=1</script>' }} {% raw %} <!-- <![CDATA[ @MARK@
