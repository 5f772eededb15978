"""What ends an answer from outside: the client left, or it must not seem whole."""


class ClientGone(Exception):
    """The client closed the connection; nobody waits for the answer."""


class CutResponseError(Exception):
    """A response that must not end as if it were whole: the server closes the connection."""
