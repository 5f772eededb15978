"""Data that attack who looks at them, and the pages that show them."""

from served import BASE

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
SEE_ALSO = "<http://www.w3.org/2000/01/rdf-schema#seeAlso>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
PATHS = (
    "/", "/services", "/page/public-service/x_1/evil", "/page/public-service/x_1/evil?view=all",
    "/page/channel/x_1/evil", "/page/channel/x_1/evil?view=all", "/page/municipality/x_1",
    "/search?q=%3Cscript%3Ealert(1)%3C/script%3E", "/explore/users?filter=%22%3E%3Cscript%3E",
    "/sparql?edit=%3C/textarea%3E%3Cscript%3Ealert(1)%3C/script%3E",
)  # fmt: skip


def attacks() -> bytes:
    """A service, a provider and a place whose every text is an attack."""
    evil = '<script>alert(1)</script><img src=x onerror=alert(2)>\\u202Eevil\\" onload=\\"alert(3)'
    mds, l0 = f"{BASE}onto/MDS/", "https://w3id.org/italia/onto/l0/"
    service, town = f"<{BASE}data/public-service/x_1/evil>", f"<{BASE}data/municipality/x_1>"
    area = f"<{BASE}data/area/x_1/evil>"
    text = f'"{evil}"@it'
    lines = [
        f"{service} {LABEL} {text} .",
        f"{service} {TYPE} <{mds}MunicipalService> .",
        f"{service} <{l0}description> {text} .",
        f"{service} <{mds}inArea> {area} .",
        f"{area} {LABEL} {text} .",
        f"{area} {TYPE} <{mds}ServiceArea> .",
        f"{town} <{mds}providesService> {service} .",
        f"{town} {LABEL} {text} .",
        f'{town} <https://w3id.org/italia/onto/COV/IPAcode> "x_1" .',
        f"{service} <{mds}hasUserSegment> <{BASE}data/segment/x_1/evil/a> .",
        f"<{BASE}data/segment/x_1/evil/a> <{l0}name> {text} .",
        f"<{BASE}data/channel/x_1/evil> {LABEL} {text} .",
        f'<{BASE}data/channel/x_1/evil> <https://w3id.org/italia/onto/SM/URL> "javascript:alert(4)" .',
        f"<{BASE}data/channel/x_1/evil> {SEE_ALSO} <javascript:alert(5)> .",
    ]
    return "\n".join(lines).encode() + b"\n"
