// Times as a person's own clocks show them: each person has a time zone, as in Slack, and the browser's does not count.

/** A moment as `2026-11-23T17:05` on the clocks of the zone; without a zone on the browser's. */
export function wallTime(milliseconds, zone) {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  return format.format(milliseconds).replace(" ", "T");
}

/** The moment, in milliseconds, at which the zone's clocks show this; where they show it twice, one of the two. */
export function momentOf(wall, zone) {
  const asUtc = Date.parse(`${wall}Z`);
  return asUtc - aheadAt(asUtc - aheadAt(asUtc, zone), zone);
}

const MINUTE = 60_000;

const aheadAt = (milliseconds, zone) => Date.parse(`${wallTime(milliseconds, zone)}Z`) - Math.floor(milliseconds / MINUTE) * MINUTE;

/** The place that stands for a zone: `New York`. */
export const cityOf = (zone) => zone?.split("/").at(-1).replaceAll("_", " ") ?? "";
