"""Who publishes, and where questions go."""

from __future__ import annotations

from dataclasses import dataclass

from mappe_servizi.setting_checks import code, email, page_address, report_address
from mappe_servizi.settings.declaring import BUILD, RELEASE, SERVE, setting


@dataclass(frozen=True, kw_only=True)
class PublisherSettings:
    """Who publishes, and where questions go."""

    publisher_name: str | None = setting(
        None, "Who publishes this instance, in the catalogue; a release needs it.", BUILD, RELEASE
    )
    publisher_identifier: str | None = setting(
        None,
        "The publisher's code: its IPA code where it has one; a release needs it.",
        BUILD,
        RELEASE,
        check=code,
    )
    creator_name: str | None = setting(None, "Who made the data set, in the catalogue.", BUILD, RELEASE)
    creator_identifier: str | None = setting(
        None, "The creator's code: its IPA code where it has one.", BUILD, RELEASE, check=code
    )
    contact_name: str | None = setting(
        None,
        "Who answers questions about the data; the publisher where it is not set.",
        BUILD,
        RELEASE,
        SERVE,
    )
    contact_email: str | None = setting(
        None,
        "Address for questions about the data; none is published without it.",
        BUILD,
        RELEASE,
        SERVE,
        check=email,
    )
    contact_url: str | None = setting(
        None, "Page for questions about the data.", BUILD, RELEASE, SERVE, check=page_address
    )
    report_url: str | None = setting(
        None,
        "Where readers report an error: an address with {title} and {text}, such as a tracker's new issue. "
        "Mail to contact-email where it is not set.",
        SERVE,
        check=report_address,
    )
