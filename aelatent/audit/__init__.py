"""The audit of a user's own autoencoder: what its latent space is like, and how to sample it.

The package is also the function: `aelatent.audit(encoder=f, decoder=g, images=x)` calls
`aelatent.audit.session.audit`, whose docstring tells what it takes and returns.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aelatent.audit.description import DescriptionError, ModelDescription
    from aelatent.samplers.fitted import load_sampler

__all__ = ["DescriptionError", "ModelDescription", "load_sampler"]

_HOMES = {
    "DescriptionError": "aelatent.audit.description",
    "ModelDescription": "aelatent.audit.description",
    "load_sampler": "aelatent.samplers.fitted",
}


class _CallablePackage(ModuleType):
    """A package that can be called, since `aelatent.audit` names both package and function."""

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Audit objects in memory: see `aelatent.audit.session.audit`."""
        from aelatent.audit.session import audit

        return audit(*args, **options)

    @property
    def __signature__(self) -> Any:
        from inspect import signature

        from aelatent.audit.session import audit

        return signature(audit)


def __getattr__(name: str) -> Any:
    """Import a name when it is asked for: a command shows that it works before it has all."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


# Python lets a module's class be replaced by a subclass of ModuleType (data model, 3.3.2).
sys.modules[__name__].__class__ = _CallablePackage
