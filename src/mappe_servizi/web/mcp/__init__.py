"""The assistants' door: the Model Context Protocol over HTTP, and over stdio (``web/stdio.py``)."""
