// The Platform tab: what the stand-in Altcraft holds, what it was asked, and how it is made to misbehave.

import { h, patchList } from "./dom.js";
import { group } from "./group.js";
import { Meanwhile } from "./meanwhile.js";
import { Switches } from "./switches.js";

const whole = new Intl.NumberFormat();
const number = (value) => (Number.isFinite(value) ? whole.format(value) : "–");

const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const DAY_AND_TIME = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** A moment, given as text or as Unix seconds, on the clocks of whose screen it is, like the messages beside it. */
function clock(at, timeZone) {
  if (at === null || at === undefined || at === "") return "";
  const moment = new Date(typeof at === "number" ? at * 1000 : at);
  return Number.isNaN(moment.getTime()) ? String(at) : moment.toLocaleTimeString(undefined, { ...CLOCK, timeZone });
}

export class PlatformPanel {
  constructor({ names, refresh }) {
    this.names = names;
    this.refresh = refresh;
    this.campaigns = h("div", { class: "rows" });
    this.runs = h("div", { class: "rows", "data-testid": "runs" });
    this.switches = new Switches({ refresh });
    this.requests = h("div", { class: "rows", "data-testid": "requests" });
    this.meanwhile = new Meanwhile({ refresh });
    this.groups = {
      runs: group("Runs", this.runs),
      switches: group("Make it misbehave", this.switches.node),
      meanwhile: group("Meanwhile, in the platform", this.meanwhile.node, { note: "Somebody edits what a launch was approved for." }),
      campaigns: group("Campaigns", this.campaigns),
      requests: group("Last requests", this.requests),
    };
    this.node = h("div", { class: "panel" }, Object.values(this.groups).map((each) => each.node));
  }

  show(platform) {
    const { campaigns = [], audiences = [], templates = [], runs = [], requests = [] } = platform;
    this.groups.campaigns.count.textContent = campaigns.length;
    this.groups.runs.count.textContent = runs.length;
    this.groups.requests.count.textContent = requests.length;
    this.meanwhile.show(campaigns, audiences, templates);
    const zone = this.names.zone();
    const zoned = (items) => items.map((each) => ({ ...each, zone }));
    list(this.campaigns, zoned(campaigns), (each) => each.id, campaignRow, "No campaigns.");
    list(this.runs, zoned(runs).sort((one, other) => other.id - one.id), (each) => each.id, runRow, "Nothing has been launched yet.");
    list(this.requests, zoned(numbered(requests)), (each) => each.key, requestRow, "The bot has asked nothing yet.");
    this.switches.show(platform);
  }
}

/** The newest first, as they come, each keyed by its call so that an opened one stays open when others come. */
function numbered(requests) {
  const seen = new Map();
  const keyed = [...requests].reverse().map((each) => {
    const name = `${each.at} ${each.method} ${each.request_id}`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return { ...each, key: `${name} ${seen.get(name)}` };
  });
  return keyed.reverse();
}

function list(place, items, key, render, nothing) {
  const rows = items.length ? items : [{ nothing }];
  patchList(place, rows, { key: (item) => (item.nothing ? "nothing" : key(item)), render: (item) => (item.nothing ? h("p", { class: "nothing" }, nothing) : render(item)), update: keepOpen(render) });
}

/** A row that was unfolded stays so when its content changes. */
const keepOpen = (render) => (node, item) => {
  if (!(node instanceof HTMLDetailsElement) || !node.open) return false;
  node.replaceChildren(...render(item).childNodes);
  return true;
};

const pill = (text, kind) => h("span", { class: `pill pill-${kind}` }, text);

function campaignRow(each) {
  const state = each.running ? ["running", "busy"] : each.is_completed ? ["completed", "quiet"] : each.is_active ? ["active", "good"] : ["not active", "warn"];
  const edited = `by ${each.updated_user}, ${new Date(each.update_time).toLocaleString(undefined, { ...DAY_AND_TIME, timeZone: each.zone })}`;
  return h("div", { class: "row", "data-testid": `campaign-${each.id}` },
    h("div", { class: "row-line" }, h("code", { class: "id" }, each.id), h("span", { class: "row-name", title: each.name }, each.name), pill(...state)),
    each.audience_name && h("p", { class: "facts" }, `${each.audience_name} · ${number(each.audience_size)}`),
    h("p", { class: "facts", title: `Last edited ${edited}` }, [each.channel, each.type, edited].join(" · ")));
}

const RUN_KINDS = { running: "busy", finished: "good", failed: "bad", aborted: "warn" };

function runRow(each) {
  const total = each.limit ? Math.min(each.limit, each.audience_size ?? each.limit) : each.audience_size;
  const name = each.campaign_name ?? `campaign ${each.campaign_id}`;
  const files = each.attach_names?.length ? `with ${each.attach_names.join(", ")}` : null;
  const facts = [each.source, each.limit && `limit ${number(each.limit)}`, files, [clock(each.started, each.zone), clock(each.ended, each.zone)].filter(Boolean).join(" – ")].filter(Boolean);
  return h("div", { class: "row", "data-testid": `run-${each.id}` },
    h("div", { class: "row-line" }, h("code", { class: "id" }, each.campaign_id), h("span", { class: "row-name", title: name }, name), pill(each.state, RUN_KINDS[each.state] ?? "quiet")),
    h("div", { class: "progress-line" }, h("progress", { max: Math.max(total ?? 0, 1), value: each.sent_so_far ?? 0, "aria-label": "Sent so far" }), h("span", {}, `${number(each.sent_so_far ?? 0)} of ${number(total)}`)),
    h("p", { class: "facts" }, facts.join("  ·  ")),
    each.content && Object.keys(each.content).length > 0 && h("p", { class: "facts" }, h("code", {}, JSON.stringify(each.content))),
    each.request_id && h("p", { class: "facts" }, "request ", h("code", {}, each.request_id)));
}

function requestRow(each) {
  const error = each.answer?.error ?? each.answer?.status;
  const isGood = each.answer && typeof each.answer === "object" && (each.answer.error === 0 || each.answer.error === undefined);
  const verdict = isGood ? pill("ok", "good") : pill(error === undefined ? "no answer" : `error ${error}`, "bad");
  return h("details", { class: "row request" },
    h("summary", { class: "row-line" }, h("time", {}, clock(each.at, each.zone)), h("span", { class: "row-name mono", title: each.method }, each.method), verdict),
    each.request_id && h("p", { class: "facts" }, "request ", h("code", {}, each.request_id)),
    h("p", { class: "caption" }, "Asked"), h("pre", { tabindex: "0" }, pretty(each.body)),
    h("p", { class: "caption" }, "Answered"), h("pre", { tabindex: "0" }, pretty(each.answer)));
}

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value ?? null, null, 2));
