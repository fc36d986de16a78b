"""Takes away what revisions of the tables have brought, as a database of an earlier version lacks it."""

from sqlalchemy import Connection, text

INDEXES = (
    "launches_asked",
    "launches_campaign_asked",
    "launches_requester_asked",
    "launches_requester_shelf",
    "launches_shelf_asked",
    "launches_shelf_expiry",
)


def before_index_of_stops(connection: Connection) -> None:
    """Back to revision 0023: a stop is found only through its launch."""
    connection.execute(text("drop index events_stops"))
    connection.execute(text("update alembic_version set version_num = '0023'"))


def before_received(connection: Connection) -> None:
    """Back to revision 0022: nobody knows who received a launch."""
    before_index_of_stops(connection)
    for table in ("recipients", "fillings"):
        connection.execute(text(f"drop table {table}"))
    connection.execute(text("drop index launches_corrections"))
    connection.execute(text("alter table launches drop column corrects"))
    connection.execute(text("alter table runs drop column list_closed"))
    connection.execute(text("update alembic_version set version_num = '0022'"))


def before_canaries(connection: Connection) -> None:
    """Back to revision 0021: no launch is known to be a canary."""
    before_received(connection)
    connection.execute(text("drop index launches_canaries"))
    for column in ("canary_of", "belongs_to"):
        connection.execute(text(f"alter table launches drop column {column}"))
    connection.execute(text("update alembic_version set version_num = '0021'"))


def before_tests(connection: Connection) -> None:
    """Back to revision 0020: no launch is known to be a test."""
    before_canaries(connection)
    connection.execute(text("drop index launches_tests"))
    connection.execute(text("alter table launches drop column test_of"))
    connection.execute(text("update alembic_version set version_num = '0020'"))


def before_workflows(connection: Connection) -> None:
    """Back to revision 0019: no workflow's step is kept."""
    before_tests(connection)
    connection.execute(text("drop table workflow_steps"))
    connection.execute(text("update alembic_version set version_num = '0019'"))


def before_first_day(connection: Connection) -> None:
    """Back to revision 0018: nobody knows when in a run's first day its messages were opened."""
    before_workflows(connection)
    connection.execute(text("alter table runs drop column first_day"))
    connection.execute(text("update alembic_version set version_num = '0018'"))


def before_following(connection: Connection) -> None:
    """Back to revision 0017: nobody can follow the events."""
    before_first_day(connection)
    connection.execute(text("drop table order_of_events"))
    connection.execute(text("update alembic_version set version_num = '0017'"))


def before_refusals(connection: Connection) -> None:
    """Back to revision 0016: no refusals are counted."""
    before_following(connection)
    connection.execute(text("drop table refusals"))
    connection.execute(text("update alembic_version set version_num = '0016'"))


def before_anchors(connection: Connection) -> None:
    """Back to revision 0015: nobody was told of the heads."""
    before_refusals(connection)
    for table in ("anchored", "anchors"):
        connection.execute(text(f"drop table {table}"))
    connection.execute(text("update alembic_version set version_num = '0015'"))


def before_reports(connection: Connection) -> None:
    """Back to revision 0014: no numbers are due."""
    before_anchors(connection)
    _drop_lane(connection, "report")
    connection.execute(text("update alembic_version set version_num = '0014'"))


def before_runs(connection: Connection) -> None:
    """Back to revision 0013: nothing is counted of the runs."""
    before_reports(connection)
    for table in ("seen", "runs"):
        connection.execute(text(f"drop table {table}"))
    connection.execute(text("update alembic_version set version_num = '0013'"))


def before_keys(connection: Connection) -> None:
    """Back to revision 0010: no digest is under a key."""
    before_runs(connection)
    connection.execute(text("drop table seals"))
    for table in ("events", "pruned"):
        connection.execute(text(f"alter table {table} drop column key_id"))
    connection.execute(text("update alembic_version set version_num = '0010'"))


def before_digests(connection: Connection) -> None:
    """Back to revision 0009: nobody knows which weeks a channel was told of."""
    before_keys(connection)
    connection.execute(text("drop table digests"))
    connection.execute(text("update alembic_version set version_num = '0009'"))


def before_outcomes(connection: Connection) -> None:
    """Back to revision 0008: launches cannot be looked for by how they ended."""
    before_digests(connection)
    connection.execute(text("drop index launches_state_asked"))
    connection.execute(text("update alembic_version set version_num = '0008'"))


def before_pictures(connection: Connection) -> None:
    """Back to revision 0007: no picture is due or worked on."""
    before_outcomes(connection)
    _drop_lane(connection, "picture")
    connection.execute(text("update alembic_version set version_num = '0007'"))


def before_sweeping(connection: Connection) -> None:
    """Back to revision 0006: of no file it is known when it was wanted."""
    before_pictures(connection)
    connection.execute(text("alter table files drop column kept_at"))
    connection.execute(text("update alembic_version set version_num = '0006'"))


def before_stops(connection: Connection) -> None:
    """Back to revision 0005: no stop is due or worked on."""
    before_sweeping(connection)
    _drop_lane(connection, "stop")
    connection.execute(text("update alembic_version set version_num = '0005'"))


def before_looking(connection: Connection) -> None:
    """Back to revision 0004: launches cannot be looked for."""
    before_stops(connection)
    for index in INDEXES:
        connection.execute(text(f"drop index {index}"))
    for column in ("requester", "asked_at", "expires_at", "shelf"):
        connection.execute(text(f"alter table launches drop column {column}"))
    connection.execute(text("update alembic_version set version_num = '0004'"))


def before_openings(connection: Connection) -> None:
    """Back to revision 0003: the streams' openings are not chained."""
    before_looking(connection)
    for table in ("openings", "openings_head", "pruned"):
        connection.execute(text(f"drop table {table}"))
    connection.execute(text("update alembic_version set version_num = '0003'"))


def _drop_lane(connection: Connection, lane: str) -> None:
    """Takes away when launches are due in a lane of the queue, and who works on them there."""
    for index in (f"launches_{lane}", f"launches_{lane}_claimed"):
        connection.execute(text(f"drop index {index}"))
    for column in (f"{lane}_at", f"{lane}_claim", f"{lane}_claim_until"):
        connection.execute(text(f"alter table launches drop column {column}"))
