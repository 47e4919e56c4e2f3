"""Another origin that listens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.elsewhere import Elsewhere, listening


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Hears what gets out."""
    with listening() as there:
        yield there
