"""Synthetic data, clearly labelled: municipalities for load tests, organisations for linkage.

Nothing of it is ever part of the published data: it is written where it is asked for, under
IPA codes that begin with ``syn_``, and says of itself that it is synthetic.
"""
