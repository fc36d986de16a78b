"""What a mail looks like, on a wide screen and on a narrow one."""

from dataclasses import dataclass

WIDE = 600
NARROW = 375
"""CSS pixels: what mails are made for, and a telephone."""


@dataclass(frozen=True)
class Picture:
    """A PNG of `width` by `height` pixels: the mail on a screen that is `screen` pixels wide.

    A mail that is wider than the screen gives a picture that is. `cut` says that something of the mail lies beyond
    the picture's edges.
    """

    screen: int
    width: int
    height: int
    cut: bool
    png: bytes


@dataclass(frozen=True)
class Pictures:
    """One mail on both screens."""

    wide: Picture
    narrow: Picture

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.wide.png) + len(self.narrow.png)
