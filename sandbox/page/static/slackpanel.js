// The Slack tab: what can go wrong at Slack, one click each.

import { post } from "./api.js";
import { h } from "./dom.js";
import { group } from "./group.js";

const LASTING = 1_000_000;

const PLAIN = [
  { words: "Lose the next answer", help: "The next message is posted, but the connection drops before Slack says so.", hook: "drop-post", ask: () => ["drop", { method: "chat.postMessage" }] },
  { words: "Take Slack down", help: "Every call of the bot is answered with HTTP 500, until you put everything right.", hook: "down", ask: () => ["fail", { method: "*", failure: 500, times: LASTING }] },
  { words: "Open modals slowly", help: "views.open answers after 4 seconds from now on.", hook: "slow-views", ask: () => ["slow", { method: "views.open", seconds: 4 }] },
  { words: "Refuse posts for 15 seconds", help: "This channel is rate limited: chat.postMessage answers 429 with Retry-After.", hook: "rate-limit", ask: (channel) => ["rate_limit_channel", { channel, seconds: 15 }] },
];
const OTHERS = [
  { words: "Fail the next post", help: "The next chat.postMessage answers HTTP 500; nothing is posted.", hook: "fail-post", ask: () => ["fail", { method: "chat.postMessage", failure: 500, times: 1 }] },
  { words: "Hide the user groups", help: "The workspace is on the free plan: nobody can read who is in a user group.", hook: "no-groups", ask: () => ["require_upgrade_for_groups", { required: true }] },
];

const OTHER = { "en-US": { locale: "ru-RU", words: "Russian" } };

export class SlackPanel {
  /** `channel` answers the id of the channel that is shown. */
  constructor({ channel, refresh }) {
    Object.assign(this, { channel, refresh, person: null });
    this.language = h("button", { type: "button", class: "btn btn-small", "data-testid": "language", onclick: () => this.switchLanguage() });
    this.told = h("p", { class: "note told", role: "status" });
    const clear = h("button", { type: "button", class: "btn btn-small", "data-testid": "fault-clear", onclick: () => this.ask("clear", {}, "Slack works as it should again.") }, "Put everything right again");
    this.node = h("div", { class: "panel" },
      h("p", { class: "note" }, "The network between the bot and Slack is not perfect. Try the bot against it."),
      h("div", { class: "faults" }, PLAIN.map((fault) => this.row(fault))),
      clear, this.told,
      group("More faults", h("div", { class: "faults" }, OTHERS.map((fault) => this.row(fault))), { open: false, hook: "more-faults" }).node,
      group("Language", this.language, { note: "Modals, answers to one person and Home are in that person's own language; cards and threads in the channel's. The bot asks Slack for it once a minute at most." }).node);
  }

  /** Shows in which language the person at the screen reads Slack, and offers the other. */
  show(person) {
    this.person = person;
    this.language.textContent = `Let ${person.name} read Slack in ${OTHER[person.locale]?.words ?? "English"}`;
  }

  async switchLanguage() {
    const reply = await post("/api/locale", { as: this.person.id, locale: OTHER[this.person.locale]?.locale ?? "en-US" });
    this.told.textContent = reply.ok ? "" : reply.error;
    await this.refresh();
  }

  row({ words, help, hook, ask }) {
    const act = () => this.ask(...ask(this.channel()), `Done: ${words.toLowerCase()}.`);
    return h("div", { class: "fault" }, h("button", { type: "button", class: "btn btn-small", "data-testid": `fault-${hook}`, onclick: act }, words), h("p", { class: "help" }, help));
  }

  async ask(name, given, done) {
    const reply = await post("/api/fault", { name, arguments: given });
    this.told.textContent = reply.ok ? done : reply.error;
  }
}
