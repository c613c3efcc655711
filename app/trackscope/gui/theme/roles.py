"""The colours of the window by their role, light and dark; nothing else names a colour."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Roles:
    """One scheme's colours, each "#RRGGBB".

    Text on its ground reaches a contrast of 4.5:1, outlines 3:1 (WCAG 2.1, 1.4.3 and 1.4.11).
    """

    canvas: str
    """The window."""
    surface: str
    """Editors and tables."""
    sunken: str
    """Bars and headers."""
    border: str
    """Dividers."""
    border_strong: str
    """Outlines of inputs."""
    text: str
    muted: str
    disabled: str
    accent: str
    """The primary button, the focus ring, links."""
    accent_hover: str
    on_accent: str
    selection: str
    """Selected rows and text where the focus is."""
    selection_idle: str
    """Selected rows and text elsewhere."""
    success: str
    success_bg: str
    danger: str
    danger_bg: str
    attention: str
    attention_bg: str
    info: str
    info_bg: str
    key: str
    string: str
    number: str
    literal: str
    punctuation: str


LIGHT = Roles(
    canvas="#F5F6F8",
    surface="#FFFFFF",
    sunken="#ECEEF2",
    border="#D6DAE1",
    border_strong="#868F9D",
    text="#1A1E24",
    muted="#555E6B",
    disabled="#8B94A0",
    accent="#2C5BD4",
    accent_hover="#234BB3",
    on_accent="#FFFFFF",
    selection="#DCE6FD",
    selection_idle="#E6E9EE",
    success="#14693A",
    success_bg="#DCF2E4",
    danger="#B0241C",
    danger_bg="#FBE3E1",
    attention="#805200",
    attention_bg="#FDEFCB",
    info="#1B5A9E",
    info_bg="#E0EDFA",
    key="#0F4C8A",
    string="#14693A",
    number="#7A3691",
    literal="#9A3412",
    punctuation="#555E6B",
)

DARK = Roles(
    canvas="#14171C",
    surface="#1A1E25",
    sunken="#101318",
    border="#2C323B",
    border_strong="#6E7886",
    text="#E3E6EB",
    muted="#A0A9B5",
    disabled="#6B7480",
    accent="#82A8FF",
    accent_hover="#9DBBFF",
    on_accent="#0B1322",
    selection="#263A66",
    selection_idle="#2A3039",
    success="#63CC8E",
    success_bg="#16332A",
    danger="#FF938B",
    danger_bg="#432223",
    attention="#EFBE5C",
    attention_bg="#3A2F16",
    info="#82BCF5",
    info_bg="#17304A",
    key="#8FC1FF",
    string="#7FD6A2",
    number="#D6A6F0",
    literal="#FFAE7A",
    punctuation="#A0A9B5",
)

SEVERITY_ROLES = {"error": "danger", "warning": "attention", "note": "info"}
"""The role of a finding's severity."""
