// How the stand-in platform is made to misbehave: four plain ways first, and every single switch behind a fold.

import { post } from "./api.js";
import { h, patchList, uniqueId } from "./dom.js";
import { group } from "./group.js";

const AS_IT_SHOULD = { activation: "normal", deactivation: "normal", cloning: "normal", reads: "normal", only_next: false };

const WAYS = [
  { name: "works", words: "It works", help: "Every call is answered as it should be.", changes: {} },
  { name: "answer-lost", words: "The answer is lost", help: "It launches or stops, and the connection closes before it says so.", changes: { activation: "lose_answer", deactivation: "lose_answer", cloning: "lose_answer" } },
  { name: "down", words: "The platform is down", help: "Every call is answered with HTTP 500.", changes: { activation: "error_500", deactivation: "error_500", cloning: "error_500", reads: "fail" } },
  { name: "slow", words: "It is slow", help: "Every call waits ten seconds for its answer.", changes: { activation: "slow", deactivation: "slow", cloning: "slow", reads: "slow" } },
  { name: "refused", words: "It refuses", help: "Launches and stops are refused, as where the tariff’s limit is used up.", changes: { activation: "refuse", deactivation: "refuse", cloning: "refuse" } },
];

const TOPICS = [
  ["Launching and stopping", ["activation", "deactivation", "cloning", "clone_is_active", "only_next", "taken_despite_fault", "refuse_code", "refuse_text", "slow_seconds"]],
  ["Reading", ["reads", "templates", "bounces", "round_trip_ms", "log_limit_keeps", "from_time_inclusive", "cursor_style"]],
  ["Runs", ["run_fate", "run_errors", "run_seconds", "start_delay_seconds", "aborted_run_logs_end", "inactive_status"]],
  ["Action hooks", ["hooks", "hooks_repeat"]],
  ["Static segments", ["addition", "profiles_unknown"]],
  ["Repeated requests", ["dedup", "dedup_reads", "dedup_window_seconds", "dedup_replays_errors", "repeat_in_progress"]],
  ["What is asked for in vain", ["already_active_answer", "already_inactive_answer", "repeat_run", "other_kinds_run_now", "bad_override"]],
  ["Rights and error codes", ["token_in", "token_may_launch", "code_bad_token", "code_no_rights", "code_unknown_id", "http_status_for_errors"]],
  ["Spelling", ["answers_in", "groups_spelling", "quoted_xml_strings", "database_key"]],
];
const OTHERS = "Others";

const topicOf = (name) => TOPICS.find(([, names]) => names.includes(name))?.[0] ?? OTHERS;

export class Switches {
  constructor({ refresh }) {
    this.refresh = refresh;
    const name = uniqueId("way");
    this.ways = WAYS.map((way) => {
      const box = h("input", { type: "radio", name, value: way.name, "data-testid": `platform-${way.name}`, onchange: () => this.choose(way) });
      return { way, box, row: h("label", { class: "choice" }, box, h("span", {}, way.words, h("small", {}, way.help))) };
    });
    this.failure = h("p", { class: "failure", role: "alert" });
    this.byHand = h("p", { class: "note", role: "status", hidden: true }, "Set by hand, below.");
    this.topics = new Map([...TOPICS.map(([title]) => title), OTHERS].map((title) => [title, topic(title)]));
    this.all = group("Every switch", h("div", { "data-testid": "switches" }, [...this.topics.values()].map((each) => each.node)), { open: false, hook: "every-switch", note: "Every change holds from the next request on." });
    this.node = h("div", { class: "ways-place" },
      h("div", { class: "choices ways", role: "radiogroup", "aria-label": "How the platform behaves", "data-testid": "platform-ways" }, this.ways.map((each) => each.row)),
      this.byHand, this.failure, this.all.node);
  }

  show({ switches = {}, switch_help: help = {}, switch_choices: choices = {} }) {
    this.all.count.textContent = Object.keys(switches).length;
    const now = WAYS.find(({ changes }) => Object.entries({ ...AS_IT_SHOULD, ...changes }).every(([name, value]) => switches[name] === value));
    for (const { way, box } of this.ways) box.checked = way === now;
    this.byHand.hidden = Boolean(now);
    const rows = Object.entries(switches).map(([name, value]) => ({ name, value, help: help[name] ?? "", choices: choices[name] }));
    for (const [title, { node, list }] of this.topics) {
      const mine = rows.filter((each) => topicOf(each.name) === title);
      node.hidden = !mine.length;
      patchList(list, mine, { key: (each) => each.name, render: (each) => this.row(each), update: change });
    }
  }

  async choose({ changes }) {
    const reply = await post("/api/switch", { changes: { ...AS_IT_SHOULD, ...changes } });
    this.failure.textContent = reply.ok ? "" : reply.error;
    await this.refresh();
  }

  row({ name, value, help, choices }) {
    const id = uniqueId("switch");
    const failure = h("p", { class: "failure", role: "alert" });
    const shown = control(id, name, value, choices);
    shown.addEventListener("change", async () => {
      if (shown.type === "number" && Number.isNaN(shown.valueAsNumber)) {
        failure.textContent = "Type a number.";
        return;
      }
      const reply = await post("/api/switch", { changes: { [name]: read(shown, value) } });
      failure.textContent = reply.ok ? "" : reply.error;
      await this.refresh();
    });
    return h("div", { class: "switch" }, h("label", { for: id }, name.replaceAll("_", " ")), shown, h("p", { class: "help" }, help), failure);
  }
}

function topic(title) {
  const list = h("div", { class: "rows" });
  return { list, node: h("section", { class: "topic", "aria-label": title }, h("h4", {}, title), list) };
}

function control(id, name, value, choices) {
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

function read(shown, before) {
  if (shown.type === "checkbox") return shown.checked;
  if (shown.tagName === "SELECT") return JSON.parse(shown.value);
  if (typeof before === "number") return Number(shown.value);
  if (before !== null && typeof before === "object") return parsed(shown.value);
  return shown.value === "" && before === null ? null : shown.value;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Another tab or the person may have changed the value: show it, but not under the person's fingers. */
function change(node, { name, value, choices }, before) {
  const shown = node.querySelector(`[data-testid="switch-${CSS.escape(name)}"]`);
  if (JSON.stringify(choices) !== JSON.stringify(before.choices) || typeof value !== typeof before.value) return false;
  if (shown.type === "checkbox") shown.checked = value;
  else if (shown.tagName === "SELECT") shown.value = JSON.stringify(value);
  else if (document.activeElement !== shown) shown.value = shownValue(value);
  return true;
}
