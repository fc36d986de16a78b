// Slack's mrkdwn as elements: parsed here, built from text nodes, so nobody's text can become markup.

import { wallTime } from "./clocks.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const unescaped = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

const SHORTCODE = /:([a-z0-9_+-]+):/;
const INLINE = [
  { pattern: /`([^`\n]+)`/, build: (found) => h("code", {}, unescaped(found[1])) },
  { pattern: /<([^<>\n]+)>/, build: (found, names) => reference(found[1], names) },
  { pattern: SHORTCODE, build: (found) => emoji(found[1]) },
  { pattern: spanOf("\\*"), build: (found, names) => h("strong", {}, inline(found[1], names)) },
  { pattern: spanOf("_"), build: (found, names) => h("em", {}, inline(found[1], names)) },
  { pattern: spanOf("~"), build: (found, names) => h("del", {}, inline(found[1], names)) },
];

/** A span opens after a space or punctuation, hugs its text, and ends before the same; as in Slack. */
function spanOf(mark) {
  return new RegExp(`(?<![\\p{L}\\p{N}${mark}])${mark}(?!\\s)([^\\n]*?[^\\s\\n])${mark}(?![\\p{L}\\p{N}${mark}])`, "u");
}

/** `names` answers user(id), channel(id) and group(id) with a name to show. */
export function mrkdwn(text, names) {
  const whole = document.createDocumentFragment();
  const parts = String(text ?? "").split(/```\n?([\s\S]*?)```/);
  parts.forEach((part, index) => {
    if (index % 2) whole.append(h("pre", {}, unescaped(part.replace(/\n$/, ""))));
    else if (part) whole.append(lines(trimmedBesidePre(part, index, parts.length), names));
  });
  return whole;
}

function trimmedBesidePre(part, index, count) {
  const start = index > 0 ? part.replace(/^\n/, "") : part;
  return index < count - 1 ? start.replace(/\n$/, "") : start;
}

function lines(text, names) {
  const whole = document.createDocumentFragment();
  let quote = null;
  let fresh = true;
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(line);
    if (quoted) {
      if (quote) quote.append(h("br"));
      else whole.append((quote = h("blockquote")));
      quote.append(inline(quoted[1], names));
      fresh = true;
      continue;
    }
    quote = null;
    if (!fresh) whole.append(h("br"));
    whole.append(inline(line, names));
    fresh = false;
  }
  return whole;
}

function inline(text, names) {
  const whole = document.createDocumentFragment();
  let rest = text;
  while (rest) {
    const first = firstMatch(rest);
    if (!first) {
      whole.append(unescaped(rest));
      break;
    }
    const { found, rule } = first;
    if (found.index) whole.append(unescaped(rest.slice(0, found.index)));
    whole.append(rule.build(found, names) ?? unescaped(found[0]));
    rest = rest.slice(found.index + found[0].length);
  }
  return whole;
}

function firstMatch(text) {
  let best = null;
  for (const rule of INLINE) {
    const found = rule.pattern.exec(text);
    if (found && (best === null || found.index < best.found.index)) best = { found, rule };
  }
  return best;
}

function reference(inner, names) {
  const [target, ...labelParts] = inner.split("|");
  const label = labelParts.length ? unescaped(labelParts.join("|")) : null;
  if (/^@[UW]/.test(target)) return mention(`@${names.user(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (/^#[CGD]/.test(target)) return mention(`#${names.channel(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith("!subteam^")) return group(target.slice(9), label, names);
  if (target.startsWith("!date^")) return date(target, label, { zone: names.zone?.(), locale: names.locale?.() });
  if (/^!(?:channel|here|everyone)$/.test(target)) return mention(`@${target.slice(1)}`, "mention mention-loud");
  return link(unescaped(target), label);
}

const mention = (text, kind = "mention") => h("span", { class: kind }, text);

/** A user group's mention; whoever points at it reads who is in it. */
export function group(id, label, names) {
  const node = mention(label ?? `@${names.group(id) ?? id}`);
  const members = names.members?.(id);
  if (members) node.title = members;
  return node;
}

export function link(target, label) {
  if (!/^(?:https?:\/\/|mailto:)/i.test(target)) return null;
  return h("a", { href: target, target: "_blank", rel: "noreferrer noopener" }, label ?? target.replace(/^mailto:/i, ""));
}

/** As Slack does: on the reader's clock and in the reader's language. */
function date(target, fallback, reader) {
  const [, seconds, format = "{date_short_pretty} {time}", address] = target.split("^");
  const at = new Date(Number(seconds) * 1000);
  if (Number.isNaN(at.getTime())) return fallback;
  const text = unescaped(format).replace(/\{(\w+)\}/g, (token, name) => dateToken(name, at, reader) ?? token);
  const shown = h("time", { datetime: at.toISOString(), title: at.toLocaleString(reader.locale, { timeZone: reader.zone }) }, text);
  return address && /^https?:/i.test(address) ? h("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, shown) : shown;
}

const DAY = 86_400_000;

function dateToken(name, at, reader) {
  const { zone, locale } = reader;
  const shownAs = (options) => new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }).format(at);
  const long = { year: "numeric", month: "long", day: "numeric" };
  const short = { year: "numeric", month: "short", day: "numeric" };
  switch (name) {
    case "date_num": return wallTime(at.getTime(), zone).slice(0, 10);
    case "date_slash": return shownAs({ year: "numeric", month: "2-digit", day: "2-digit" });
    case "date": return shownAs(long);
    case "date_short": return shownAs(short);
    case "date_long": return shownAs({ ...long, weekday: "long" });
    case "date_pretty": return pretty(at, reader) ?? shownAs(long);
    case "date_short_pretty": return pretty(at, reader) ?? shownAs(short);
    case "date_long_pretty": return pretty(at, reader) ?? shownAs({ ...long, weekday: "long" });
    case "time": return shownAs({ hour: "numeric", minute: "2-digit" });
    case "time_secs": return shownAs({ hour: "numeric", minute: "2-digit", second: "2-digit" });
    case "ago": return ago(at, locale);
    default: return null;
  }
}

function pretty(at, { zone, locale }) {
  const [then, now] = [at.getTime(), Date.now()].map((moment) => Date.parse(wallTime(moment, zone).slice(0, 10)));
  const days = Math.round((then - now) / DAY);
  return Math.abs(days) > 1 ? null : new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
}

function ago(at, locale) {
  const seconds = Math.round((at.getTime() - Date.now()) / 1000);
  const [unit, size] = [["day", 86_400], ["hour", 3600], ["minute", 60]].find(([, each]) => Math.abs(seconds) >= each) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** Plain text: shortcodes become emoji where the app allows it, everything else stands as written. */
export function plain(text, withEmoji = true) {
  const whole = document.createDocumentFragment();
  let rest = String(text ?? "");
  while (withEmoji) {
    const found = SHORTCODE.exec(rest);
    if (!found) break;
    whole.append(rest.slice(0, found.index), emoji(found[1]) ?? found[0]);
    rest = rest.slice(found.index + found[0].length);
  }
  whole.append(rest);
  return whole;
}

/** A Block Kit text object, of either kind. */
export function textObject(object, names) {
  if (!object) return "";
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : plain(object.text, object.emoji !== false);
}
