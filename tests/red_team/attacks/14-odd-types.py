# what: MIME types that a page would run: widgets, Vega, plotly, JSON-LD, HTML under other names
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
bad = "<script>document.title='@MARK@'</script>"
publish = get_ipython().display_pub.publish
for kind in ("application/javascript", "text/html", "text/HTML", "text/html; charset=utf-8", "image/svg+xml", "text/latex",
             "text/markdown", "application/vnd.jupyter.widget-view+json", "application/vnd.vega.v5+json", "text/x-unknown",
             "application/xhtml+xml", "text/xml", "image/png", "image/jpeg", "image/gif", "\"><script>@MARK@</script>"):
    publish({kind: bad, "text/plain": bad})
    publish({kind: [bad, bad]}, {kind: {"width": "\"><script>@MARK@</script>", "alt": bad}})
