"""Says what `pip-audit` found, in its JSON on standard input, and plainly where it could not look: `make audit`."""

import json
import sys

CLEAN, FOUND, UNKNOWN = 0, 1, 2


def judged(report: str) -> tuple[int, str]:
    """The exit status, and what to say. Whatever was not looked at is not clean."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        return (
            UNKNOWN,
            "Nothing was audited: the advisories could not be reached. Whether something is wrong is unknown.\n",
        )
    found = [f"{one['name']} {one['version']}: {bad['id']}" for one in packages for bad in one.get("vulns", ())]
    unseen = [one["name"] for one in packages if "skip_reason" in one]
    if found:
        return FOUND, "Known vulnerabilities:\n" + "".join(f"- {one}\n" for one in found)
    if unseen:
        return UNKNOWN, (
            f"{len(unseen)} of {len(packages)} packages were not audited, for their advisories could not be reached "
            f"({', '.join(unseen[:3])}, …). Whether something is wrong with them is unknown.\n"
        )
    return CLEAN, f"No known vulnerabilities in {len(packages)} packages.\n"


if __name__ == "__main__":
    status, text = judged(sys.stdin.read())
    sys.stdout.write(text)
    sys.exit(status)
