// The guide for a first visit: six steps, ticked off by what really happened, and remembered while this sandbox runs.

import { h } from "./dom.js";
import { icon } from "./icons.js";

export const FIRST_COMMAND = '/campaign-activate 82 run_now source=segment:5 content.promo=SPRING reason="Black Friday, first wave"';

const MEMORY = "campaign-bot-sandbox-guide";
const HIDDEN = "campaign-bot-sandbox-guide-hidden";

/** A message with something to press in the channel itself; a digest, or a history that is shared, has nothing. */
const isCard = (message) => Boolean(message.blocks?.some((block) => block.type === "actions")) && !message.thread_ts;
const messagesOf = (state) => Object.values(state.slack.messages).flat();
const runsOf = (state) => state.platform.runs ?? [];

/** `after` names the step that has to be done before this one can be. */
const STEPS = [
  {
    name: "ask",
    title: "Ask for a launch",
    text: "As Ana, send the command. A form opens, filled from it.",
    done: (state) => state.slack.views.length > 0 || messagesOf(state).some(isCard),
    actions: ({ fill, be }) => [["Fill in the command", () => { be("U0ANA"); fill(FIRST_COMMAND); }, "guide-fill"]],
  },
  {
    name: "send",
    title: "Look, then send",
    text: "It names the campaign and the audience. Submit it: a card appears in #launches.",
    done: (state) => messagesOf(state).some(isCard),
    actions: () => [],
  },
  {
    name: "approve",
    title: "Approve as somebody else",
    text: "Become Ben and press Approve on the card. As Otto, you are turned away.",
    done: (state) => runsOf(state).length > 0,
    actions: ({ be }) => [["Be Ben", () => be("U0BEN"), "guide-ben"], ["Be Otto", () => be("U0OTTO"), "guide-otto"]],
  },
  {
    name: "watch",
    title: "Watch it run",
    text: "Every step is one reply in the card’s thread; the platform’s side stands under Platform.",
    done: (state) => runsOf(state).some((run) => run.state !== "running"),
    actions: ({ tab }) => [["Open Platform", () => tab("platform"), "guide-platform"]],
  },
  {
    name: "kill",
    title: "Now break it",
    text: "Ask for another launch, approve it, and kill the bot in the middle of it.",
    done: (state) => state.bot.status === "stopped",
    actions: ({ tab }) => [["Open Bot", () => tab("bot"), "guide-bot"]],
  },
  {
    name: "start",
    title: "Start it again",
    text: "It goes on from its record: nothing is launched twice.",
    after: "kill",
    done: (state) => state.bot.status === "running",
    actions: ({ tab }) => [["Open Bot", () => tab("bot"), "guide-start"]],
  },
];

export class Guide {
  /** `actions` are what the steps' buttons do: fill(command), be(person), tab(name), dismiss(). */
  constructor(actions) {
    this.sandbox = null;
    this.done = new Set();
    this.rows = STEPS.map((step, index) => {
      const mark = h("span", { class: "step-mark", "aria-hidden": "true" }, index + 1);
      const row = h("li", { "data-testid": `step-${step.name}` }, mark, h("div", {}, h("h3", {}, step.title), h("p", {}, step.text), index === 0 && h("code", { class: "command" }, FIRST_COMMAND), buttons(step.actions(actions))));
      return { row, mark, step, index };
    });
    this.where = h("p", { class: "note", role: "status", "data-testid": "guide-where" });
    this.after = h("div", { class: "guide-after", "data-testid": "guide-after", hidden: true },
      h("h3", {}, "What comes next"),
      h("p", { class: "note" }, "Choose stricter rules and launch again, let the platform or Slack fail, or connect your own Slack as the README says."),
      buttons([["Open Guard rails", () => actions.tab("rails"), "guide-rails"], ["Let the platform fail", () => actions.tab("platform"), "guide-fail"]]));
    this.node = h("div", { class: "panel guide", "data-testid": "guide" },
      h("p", { class: "note" }, "The real bot, between a stand-in Slack and a stand-in Altcraft."),
      this.where,
      h("ol", { class: "steps" }, this.rows.map((each) => each.row)),
      this.after,
      h("button", { type: "button", class: "linklike", "data-testid": "guide-dismiss", onclick: actions.dismiss }, "Hide this guide"));
  }

  get isHidden() {
    return Boolean(localStorage.getItem(HIDDEN));
  }

  set isHidden(hidden) {
    if (hidden) localStorage.setItem(HIDDEN, "yes");
    else localStorage.removeItem(HIDDEN);
  }

  /** The title of the step that comes next; null after the last one, and for whoever wants no guide. */
  get next() {
    return this.isHidden ? null : (this.nextStep?.title ?? null);
  }

  get nextStep() {
    return STEPS.find((step) => !this.done.has(step.name));
  }

  show(state) {
    if (this.sandbox !== state.sandbox) this.recall(state.sandbox);
    for (const step of STEPS) {
      if (this.done.has(step.name) || (step.after && !this.done.has(step.after)) || !step.done(state)) continue;
      this.done.add(step.name);
      this.remember();
    }
    for (const { row, mark, step, index } of this.rows) {
      const isDone = this.done.has(step.name);
      if (row.classList.contains("done") !== isDone) mark.replaceChildren(isDone ? icon("check") : String(index + 1));
      row.classList.toggle("done", isDone);
      row.classList.toggle("next", step === this.nextStep);
    }
    const words = this.nextStep ? `${this.done.size} of ${STEPS.length} done. Next: ${this.nextStep.title}.` : "You have seen all of it.";
    if (this.where.textContent !== words) this.where.textContent = words;
    this.after.hidden = Boolean(this.nextStep);
  }

  /** What was done in another sandbox is not done in this one. */
  recall(sandbox) {
    this.sandbox = sandbox;
    const held = read();
    this.done = new Set(held.sandbox === sandbox ? held.done : []);
  }

  remember() {
    localStorage.setItem(MEMORY, JSON.stringify({ sandbox: this.sandbox, done: [...this.done] }));
  }
}

function buttons(offered) {
  if (!offered.length) return null;
  return h("div", { class: "step-buttons" }, offered.map(([words, act, hook]) => h("button", { type: "button", class: "btn btn-small", "data-testid": hook, onclick: act }, words)));
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(MEMORY)) ?? {};
  } catch {
    return {};
  }
}
