"""The portal: pages for people, put together from the graph, one module a kind of page."""
