"""Service maps of Italian municipalities as linked open data."""


def __getattr__(name: str) -> str:
    """The version, looked up when it is asked for: it takes longer than a query worker may to start."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("mappe-servizi")
    except PackageNotFoundError:  # a source tree that is not installed
        return "0+unknown"
