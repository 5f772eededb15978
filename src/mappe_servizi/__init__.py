"""Service maps of Italian municipalities as linked open data."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("mappe-servizi")
except PackageNotFoundError:  # a source tree that is not installed
    __version__ = "0+unknown"
