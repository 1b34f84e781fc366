"""What can go wrong in a way a person can mend.

    EvpactError
    ├── ConfigurationError   a setting, an argument or `sources.toml` is wrong
    ├── InputError           a file or folder cannot be read
    ├── ReferenceDataError   a table in `seeds/reference` is wrong
    ├── StateError           the working state is broken or in use by another run
    └── ReleaseError         a release is unknown, incomplete or altered
        └── UnknownVersionError

Each says what is wrong, names the thing, and says the way out. The command line prints the message without a traceback.
"""

from __future__ import annotations


class EvpactError(Exception):
    """Base of all errors meant for people."""


class ConfigurationError(EvpactError):
    """A setting, an argument or `sources.toml` is wrong."""


class InputError(EvpactError):
    """A file or folder cannot be read."""


class ReferenceDataError(EvpactError):
    """A table in `seeds/reference` is wrong."""


class StateError(EvpactError):
    """The working state is broken, or another run holds it."""


class ReleaseError(EvpactError):
    """A release is incomplete or altered."""


class UnknownVersionError(ReleaseError):
    """No release has that version."""
