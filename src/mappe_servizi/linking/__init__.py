"""The same organisation in two lists: identifiers first, then a scorecard of names and towns, then clusters.

Pure functions of rows and knowledge (tables, weights); they know no RDF and no file but the
knowledge's, so that a command, a server and a cluster's workers call the same ones.
"""
