"""The rehearsal: harvests a release as catalogues, clients and search engines would, before they do.

``entrance`` stands for w3id.org in front of the release, ``harvesters/`` has a module for each of those
who come, ``account`` is what each of them goes away with, ``kept`` the file that the next rehearsal is
compared with, ``told`` what is printed, ``run`` the command.
"""
