"""Three municipalities of an instance, for tests of what is said of several: of different sizes and rates."""

from pathlib import Path

from synthetic import built, small_template, synthesized

IPAS = ("syn_00001", "syn_00002", "syn_00003")
RESIDENTS = {
    "syn_00001": {2018: 34_264, 2020: 34_144},
    "syn_00002": {2018: 34_264, 2020: 34_144},
    "syn_00003": {2020: 5_000},
}
"""The third is small and does the least, yet the most for each resident; nobody knows them in 2019."""


def write_three_towns(place: Path, ledger: Path) -> Path:
    """Write an instance of three services a municipality, and build it; returns the link.

    Args:
        place: its directory.
        ledger: report/ledger.csv of a build of Cremona, which their template is taken from.
    """
    template = small_template(place.with_name(f"{place.name}-template"), ledger)
    synthesized(place, len(IPAS), "--data", str(template))
    for ipa, years in RESIDENTS.items():
        rows = "".join(f"residents,{year},{n},figures compare by it,Istat\n" for year, n in years.items())
        table = place / "data" / "municipalities" / ipa / "populations.csv"
        table.write_text(f"population,year,count,reason,evidence\n{rows}", encoding="utf-8")
    return built(place)
