"""What stands in a build or a release: one declaration a kind of file, which everything else follows from.

The list of files and checksums, what the server answers and as what, the distributions of the
catalogue, what a release takes over from its build, and the tables of docs/output.md are read from
``OUTPUTS``. A build fails where a file has no declaration, or a declaration no file.
"""
