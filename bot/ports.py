"""The ports and the address at which they are served, out of the environment."""

from ipaddress import ip_address

from bot.variables import Reader


def bind(reader: Reader) -> str:
    """The address at which the ports are served; "" for each port's own default."""
    address = reader.text("BIND")
    try:
        return str(ip_address(address)) if address else ""
    except ValueError:
        reader.problems.append(
            f"BIND is “{address}”. It takes an address of this machine, such as 127.0.0.1, or 0.0.0.0 (or ::) for all "
            "of them. The ports stand in PORT and HEALTH_PORT."
        )
        return ""


def port(reader: Reader) -> int:
    """That of what comes from outside."""
    return reader.number("PORT", default=3000, least=0, most=65535)


def health_port(reader: Reader) -> int | None:
    """That of whoever looks after the bot; None for none."""
    number = reader.number("HEALTH_PORT", default=0, least=0, most=65535)
    return number if reader.text("HEALTH_PORT") else None
