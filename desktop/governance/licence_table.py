"""Licences that hold for works of any kind, in plain words."""

from __future__ import annotations

from desktop.domain.licences import LicenceKind, LicenceTerms

ANY_USE = "Any use is allowed, for work and in products too."
NO_WORK = "It may not be used for work: every commercial use is shut out."
_NOTICE = "Who passes the model on adds the licence text and its makers' names."
_CREDIT = "Who passes the model on names its makers and the licence and says what was changed."
_ALIKE = "Who passes a changed model on does so under the same licence."
_UNCHANGED = "A changed model may not be passed on."
_SOURCE = "Who passes a changed model on does so under the same licence, with all its sources."


def _free(key: str, name: str, *conditions: str) -> LicenceTerms:
    return LicenceTerms(key, name, LicenceKind.FREE, ANY_USE, (), conditions, name)


def _shared_alike(key: str, name: str, *conditions: str) -> LicenceTerms:
    return LicenceTerms(key, name, LicenceKind.CONDITIONS, ANY_USE, (), conditions, name)


def _unpaid(key: str, name: str, *conditions: str) -> LicenceTerms:
    limits = (NO_WORK,)
    use = "Only for private purposes, study and research that nobody earns money with."
    return LicenceTerms(key, name, LicenceKind.LIMITS, use, limits, conditions, name)


GENERAL_LICENCES: tuple[LicenceTerms, ...] = (
    _free(
        "apache-2.0",
        "Apache License 2.0",
        _NOTICE,
        "Files that were changed say so.",
    ),
    _free("mit", "MIT License", _NOTICE),
    _free("mit-0", "MIT No Attribution"),
    _free("bsd-2-clause", "BSD 2-Clause License", _NOTICE),
    _free(
        "bsd-3-clause",
        "BSD 3-Clause License",
        _NOTICE,
        "The makers' names may not be used to advertise what was made with it.",
    ),
    _free("isc", "ISC License", _NOTICE),
    _free("zlib", "zlib License", "A changed model is marked as changed."),
    _free("bsl-1.0", "Boost Software License 1.0", _NOTICE),
    _free("cc0-1.0", "Creative Commons Zero 1.0 (public domain)"),
    _free("unlicense", "The Unlicense (public domain)"),
    _free("wtfpl", "WTFPL"),
    _free("openmdw-1.0", "OpenMDW License 1.0", _NOTICE),
    _free("cdla-permissive-2.0", "Community Data License Permissive 2.0", _NOTICE),
    _shared_alike("cc-by-3.0", "Creative Commons Attribution 3.0", _CREDIT),
    _shared_alike("cc-by-4.0", "Creative Commons Attribution 4.0", _CREDIT),
    _shared_alike("cc-by-sa-3.0", "Creative Commons Attribution-ShareAlike 3.0", _CREDIT, _ALIKE),
    _shared_alike("cc-by-sa-4.0", "Creative Commons Attribution-ShareAlike 4.0", _CREDIT, _ALIKE),
    _shared_alike(
        "cc-by-nd-4.0", "Creative Commons Attribution-NoDerivatives 4.0", _CREDIT, _UNCHANGED
    ),
    _shared_alike("mpl-2.0", "Mozilla Public License 2.0", _NOTICE, _ALIKE),
    _shared_alike("lgpl-3.0", "GNU Lesser General Public License 3.0", _NOTICE, _SOURCE),
    _shared_alike("gpl-2.0", "GNU General Public License 2.0", _NOTICE, _SOURCE),
    _shared_alike("gpl-3.0", "GNU General Public License 3.0", _NOTICE, _SOURCE),
    _shared_alike(
        "agpl-3.0",
        "GNU Affero General Public License 3.0",
        _NOTICE,
        _SOURCE,
        "Who lets others use a changed model over a network gives them its sources too.",
    ),
    _unpaid("cc-by-nc-2.0", "Creative Commons Attribution-NonCommercial 2.0", _CREDIT),
    _unpaid("cc-by-nc-3.0", "Creative Commons Attribution-NonCommercial 3.0", _CREDIT),
    _unpaid("cc-by-nc-4.0", "Creative Commons Attribution-NonCommercial 4.0", _CREDIT),
    _unpaid(
        "cc-by-nc-sa-3.0",
        "Creative Commons Attribution-NonCommercial-ShareAlike 3.0",
        _CREDIT,
        _ALIKE,
    ),
    _unpaid(
        "cc-by-nc-sa-4.0",
        "Creative Commons Attribution-NonCommercial-ShareAlike 4.0",
        _CREDIT,
        _ALIKE,
    ),
    _unpaid(
        "cc-by-nc-nd-4.0",
        "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0",
        _CREDIT,
        _UNCHANGED,
    ),
)
