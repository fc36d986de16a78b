"""What the bot and the painting process say to each other: an order goes in, an answer comes out."""

import json
from dataclasses import asdict, dataclass
from typing import IO

from bot.picture.failures import Failed, Failure
from bot.picture.limits import MOST_PNG
from bot.picture.picture import Picture

_LONGEST_LINE = 4096


@dataclass(frozen=True)
class Order:
    """What is to be painted: by which program, as which user, on screens of which widths, within so many seconds.

    `profile` is the path of an empty folder that belongs to the user, who is the one who asks where it is None.
    `hosts` are those that images may be fetched from.
    """

    program: str
    profile: str
    user: int | None
    screens: tuple[int, ...]
    seconds: float
    hosts: tuple[str, ...] = ()


def encoded(order: Order) -> str:
    return json.dumps(asdict(order))


def decoded(written: str) -> Order:
    read = json.loads(written)
    return Order(**{**read, "screens": tuple(read["screens"]), "hosts": tuple(read["hosts"])})


def write_answer(out: IO[bytes], pictures: tuple[Picture, ...], failure: Failure | None = None) -> None:
    """A line of JSON, then the bytes of the pictures in the order of the line."""
    told = [{**asdict(picture), "png": len(picture.png)} for picture in pictures]
    out.write(json.dumps({"failure": failure, "pictures": told}).encode() + b"\n")
    for picture in pictures:
        out.write(picture.png)
    out.flush()


def read_answer(answer: IO[bytes]) -> tuple[Picture, ...]:
    """Raises Failed where the answer says so, or is none."""
    try:
        told = json.loads(answer.readline(_LONGEST_LINE))
    except ValueError as error:
        raise Failed(Failure.CRASHED) from error
    if told["failure"]:
        raise Failed(Failure(told["failure"]))
    return tuple(Picture(**{**each, "png": _png(answer, each["png"])}) for each in told["pictures"])


def _png(answer: IO[bytes], size: int) -> bytes:
    png = answer.read(min(size, MOST_PNG))
    if len(png) != size:
        raise Failed(Failure.CRASHED)
    return png
