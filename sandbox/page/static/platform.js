// The Platform tab: what the stand-in Altcraft holds, what it was asked, and how it is made to misbehave.

import { post } from "./api.js";
import { h, patchList, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { Meanwhile } from "./meanwhile.js";

const whole = new Intl.NumberFormat();
const number = (value) => (Number.isFinite(value) ? whole.format(value) : "–");

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

const dayAndTime = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** A moment given as text or as Unix seconds. */
function clock(at) {
  if (at === null || at === undefined || at === "") return "";
  const moment = new Date(typeof at === "number" ? at * 1000 : at);
  return Number.isNaN(moment.getTime()) ? String(at) : clockFormat.format(moment);
}

export function group(title, place, { open = true, note } = {}) {
  const count = h("span", { class: "count" });
  const summary = h("summary", {}, icon("caret"), h("h3", {}, title), count);
  return { count, node: h("details", { class: "group", open }, summary, note && h("p", { class: "note" }, note), place) };
}

export class PlatformPanel {
  constructor({ refresh }) {
    this.refresh = refresh;
    this.campaigns = h("div", { class: "rows" });
    this.runs = h("div", { class: "rows", "data-testid": "runs" });
    this.switches = h("div", { class: "rows", "data-testid": "switches" });
    this.requests = h("div", { class: "rows", "data-testid": "requests" });
    this.meanwhile = new Meanwhile({ refresh });
    this.groups = {
      runs: group("Runs", this.runs),
      meanwhile: group("Meanwhile, in the platform", this.meanwhile.node, { note: "Somebody edits what a launch was approved for." }),
      switches: group("Make it misbehave", this.switches, { open: false, note: "Every change holds from the next request on." }),
      campaigns: group("Campaigns", this.campaigns),
      requests: group("Last requests", this.requests),
    };
    this.node = h("div", { class: "panel" }, Object.values(this.groups).map((each) => each.node));
  }

  show(platform) {
    const { campaigns = [], audiences = [], templates = [], runs = [], requests = [], switches = {} } = platform;
    this.groups.campaigns.count.textContent = campaigns.length;
    this.groups.runs.count.textContent = runs.length;
    this.groups.requests.count.textContent = requests.length;
    this.groups.switches.count.textContent = Object.keys(switches).length;
    this.meanwhile.show(campaigns, audiences, templates);
    list(this.campaigns, campaigns, (each) => each.id, campaignRow, "No campaigns.");
    list(this.runs, [...runs].sort((one, other) => other.id - one.id), (each) => each.id, runRow, "Nothing has been launched yet.");
    list(this.requests, numbered(requests), (each) => each.key, requestRow, "The bot has asked nothing yet.");
    const rows = Object.entries(switches).map(([name, value]) => ({ name, value, help: platform.switch_help?.[name] ?? "", choices: platform.switch_choices?.[name] }));
    patchList(this.switches, rows, { key: (each) => each.name, render: (each) => this.switchRow(each), update: changeSwitch });
  }

  switchRow({ name, value, help, choices }) {
    const id = uniqueId("switch");
    const failure = h("p", { class: "failure", role: "alert" });
    const control = switchControl(id, name, value, choices);
    control.addEventListener("change", async () => {
      if (control.type === "number" && Number.isNaN(control.valueAsNumber)) {
        failure.textContent = "Type a number.";
        return;
      }
      const reply = await post("/api/switch", { changes: { [name]: readSwitch(control, value) } });
      failure.textContent = reply.ok ? "" : reply.error;
      await this.refresh();
    });
    return h("div", { class: "switch" }, h("label", { for: id }, name.replaceAll("_", " ")), control, h("p", { class: "help" }, help), failure);
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
  const edited = `by ${each.updated_user}, ${dayAndTime.format(new Date(each.update_time))}`;
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
  const facts = [each.source, each.limit && `limit ${number(each.limit)}`, files, [clock(each.started), clock(each.ended)].filter(Boolean).join(" – ")].filter(Boolean);
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
    h("summary", { class: "row-line" }, h("time", {}, clock(each.at)), h("span", { class: "row-name mono", title: each.method }, each.method), verdict),
    each.request_id && h("p", { class: "facts" }, "request ", h("code", {}, each.request_id)),
    h("p", { class: "caption" }, "Asked"), h("pre", { tabindex: "0" }, pretty(each.body)),
    h("p", { class: "caption" }, "Answered"), h("pre", { tabindex: "0" }, pretty(each.answer)));
}

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value ?? null, null, 2));

function switchControl(id, name, value, choices) {
  const shared = { id, "data-testid": `switch-${name}` };
  if (typeof value === "boolean") {
    const toggle = h("input", { ...shared, type: "checkbox", role: "switch", class: "toggle" });
    toggle.checked = value;
    return toggle;
  }
  if (choices) {
    const select = h("select", shared, choices.map((choice) => h("option", { value: JSON.stringify(choice) }, String(choice))));
    select.value = JSON.stringify(value);
    return select;
  }
  return h("input", { ...shared, type: typeof value === "number" ? "number" : "text", step: "any", value: shownValue(value), spellcheck: "false" });
}

const shownValue = (value) => (value === null || typeof value === "object" ? (value === null ? "" : JSON.stringify(value)) : String(value));

function readSwitch(control, before) {
  if (control.type === "checkbox") return control.checked;
  if (control.tagName === "SELECT") return JSON.parse(control.value);
  if (typeof before === "number") return Number(control.value);
  if (before !== null && typeof before === "object") return parsed(control.value);
  return control.value === "" && before === null ? null : control.value;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Another tab or the person may have changed the value: show it, but not under the person's fingers. */
function changeSwitch(node, { name, value, choices }, before) {
  const control = node.querySelector(`[data-testid="switch-${CSS.escape(name)}"]`);
  if (JSON.stringify(choices) !== JSON.stringify(before.choices) || typeof value !== typeof before.value) return false;
  if (control.type === "checkbox") control.checked = value;
  else if (control.tagName === "SELECT") control.value = JSON.stringify(value);
  else if (document.activeElement !== control) control.value = shownValue(value);
  return true;
}
