"""Holds the anchors that the journal keeps against the stamps that an authority gave for them."""

import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from bot import stamps
from bot.journal.finding import Finding, of_anchors
from bot.journal.journal import Journal
from bot.journal.tables import anchors
from bot.stamps import NotStamped, certificates, stamped_at
from bot.terminal.journal_access import CannotBeDone


def check_stamps(journal: Journal, certificate: str) -> Iterator[Finding]:
    """Where an anchor's stamp is none for its digest, by that file with certificates; "" for none: then it says so.

    Raises CannotBeDone where the file cannot be read, or what reads stamps is not installed.
    """
    with journal.reading() as connection:
        kept = connection.execute(select(anchors).where(anchors.c.token.is_not(None)).order_by(anchors.c.number))
        rows = kept.mappings().all()
    if not rows:
        return
    if not certificate:
        sys.stdout.write(
            f"{len(rows):,} anchors bear a stamp. Set AUDIT_TSA_CERTIFICATE, and they are verified as well.\n"
        )
        return
    if not stamps.installed():
        raise CannotBeDone(f"Stamps cannot be verified here: {stamps.INSTALL}.")
    try:
        roots = certificates(Path(certificate))
    except (OSError, ValueError) as error:
        text = f"AUDIT_TSA_CERTIFICATE cannot be read ({error}). It takes a file in the form PEM."
        raise CannotBeDone(text) from error
    newest = ""
    for row in rows:
        try:
            at = stamped_at(row["token"], row["digest"], roots)
        except NotStamped as error:
            text = f"The stamp of the anchor of {row['day']} is none for its digest: {error}."
            yield of_anchors(text)
        else:
            newest = f"Stamps verify; what is on record up to {row['day']} was there at {at:%Y-%m-%d %H:%M:%S} UTC.\n"
    sys.stdout.write(newest)
