"""Who comes to harvest: a module each, in the order in which the rehearsal lets them in."""

from collections.abc import Callable

from mappe_servizi.rehearsal.account import Account
from mappe_servizi.rehearsal.harvesters import (
    addresses,
    catalogue,
    ckan,
    dcatapit,
    downloads,
    national,
    search_engine,
    streams,
    validator,
)
from mappe_servizi.rehearsal.visit import Visit

Harvester = Callable[[Visit], list[Account]]

HARVESTERS: dict[str, Harvester] = {
    "catalogue": catalogue.harvest,
    "validator": validator.harvest,
    "ckan": ckan.harvest,
    "dcatapit": dcatapit.harvest,
    "downloads": downloads.harvest,
    "streams": streams.harvest,
    "search-engine": search_engine.harvest,
    "national": national.harvest,
    "addresses": addresses.harvest,
}
"""By the name that the command takes."""
