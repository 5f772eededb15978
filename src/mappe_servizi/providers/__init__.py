"""Who delivers the services: mentions, legal forms, the registry, engagements, places, channels.

Everything here works on records and maintained tables and knows nothing of RDF.
"""
