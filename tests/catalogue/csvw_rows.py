"""What the CSVW library csvw makes of tables, as JSON. Runs in .venv/harvest.

    python csvw_rows.py DESCRIPTION_ADDRESS...

For each description: whether it is valid, the rows' objects in standard and in minimal mode.
"""

import json
import sys

# csvw is imported where it is used: only there is it installed, and pytest looks into every module.


def read(address: str) -> dict[str, object]:
    from csvw import CSVW  # noqa: PLC0415

    table = CSVW(address, validate=True)
    standard = [d for t in table.to_json()["tables"] for row in t["row"] for d in row["describes"]]
    return {"valid": table.is_valid, "standard": standard, "minimal": table.to_json(minimal=True)}


if __name__ == "__main__":
    json.dump({address: read(address) for address in sys.argv[1:]}, sys.stdout, default=str)
