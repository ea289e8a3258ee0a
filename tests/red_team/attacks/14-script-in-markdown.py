# what: scripts, handlers, styles and forms in a text cell
# points: 20
# mistakes:
# %% markdown after update_parameters_with_adam
# Heading <script>document.title='@MARK@'</script>
<script>document.title='@MARK@'</script>
<img src=x onerror="document.title='@MARK@'"> <svg onload="document.title='@MARK@'"></svg>
<iframe src="javascript:parent.document.title='@MARK@'"></iframe>
[link](javascript:document.title='@MARK@') [data](data:text/html,<script>document.title='@MARK@'</script>)
![picture](http://127.0.0.1:@TCP@/@MARK@ "x\" onerror=\"document.title='@MARK@'")
<style>body { background: url(http://127.0.0.1:@TCP@/@MARK@); display: none }</style>
<div style="position: fixed; inset: 0; background: url(http://127.0.0.1:@TCP@/@MARK@)">20 of 20</div>
<meta http-equiv="refresh" content="0; url=http://127.0.0.1:@TCP@/@MARK@"> <base href="http://127.0.0.1:@TCP@/@MARK@">
<form action="http://127.0.0.1:@TCP@/@MARK@"><button>ok</button></form>
$$\href{javascript:document.title='@MARK@'}{x}$$ <math><mtext><style><img src=x onerror="document.title='@MARK@'"></style></mtext></math>
`</code><script>document.title='@MARK@'</script>`
