// The guide for a first visit: five steps, ticked off by what really happened.

import { h } from "./dom.js";
import { icon } from "./icons.js";

export const FIRST_COMMAND = '/campaign-activate 82 run_now source=segment:5 reason="Black Friday, first wave"';

const isCard = (message) => Boolean(message.blocks?.length) && !message.thread_ts;
const messagesOf = (state) => Object.values(state.slack.messages).flat();
const runsOf = (state) => state.platform.runs ?? [];

const STEPS = [
  {
    title: "Ask for a launch",
    text: "As Ana, send the command. A form opens, filled from it.",
    done: (state) => state.slack.views.length > 0 || messagesOf(state).some(isCard),
    actions: ({ fill, be }) => [["Fill in the command", () => { be("U0ANA"); fill(FIRST_COMMAND); }, "guide-fill"]],
  },
  {
    title: "Look, then send",
    text: "It names the campaign and the audience. Submit it: a card appears in #launches.",
    done: (state) => messagesOf(state).some(isCard),
    actions: () => [],
  },
  {
    title: "Approve as somebody else",
    text: "Become Ben and press Approve on the card. As Otto, you are turned away.",
    done: (state) => runsOf(state).length > 0,
    actions: ({ be }) => [["Be Ben", () => be("U0BEN"), "guide-ben"], ["Be Otto", () => be("U0OTTO"), "guide-otto"]],
  },
  {
    title: "Watch it run",
    text: "Every step is one reply in the card’s thread; the platform’s side stands under Platform.",
    done: (state) => runsOf(state).some((run) => run.state !== "running"),
    actions: ({ tab }) => [["Open Platform", () => tab("platform"), "guide-platform"]],
  },
  {
    title: "Now break it",
    text: "Kill the bot in the middle of a launch and start it again: nothing is launched twice.",
    done: (state) => state.bot.status === "stopped",
    actions: ({ tab }) => [["Open Bot", () => tab("bot"), "guide-bot"]],
  },
];

export class Guide {
  /** `actions` are what the steps' buttons do: fill(command), be(person), tab(name), dismiss(). */
  constructor(actions) {
    this.done = new Set();
    this.rows = STEPS.map((step, index) => {
      const buttons = step.actions(actions).map(([words, act, hook]) => h("button", { type: "button", class: "btn btn-small", "data-testid": hook, onclick: act }, words));
      const mark = h("span", { class: "step-mark", "aria-hidden": "true" }, index + 1);
      const row = h("li", {}, mark, h("div", {}, h("h3", {}, step.title), h("p", {}, step.text), index === 0 && h("code", { class: "command" }, FIRST_COMMAND), buttons.length > 0 && h("div", { class: "step-buttons" }, buttons)));
      return { row, mark, step, index };
    });
    this.node = h("div", { class: "panel guide", "data-testid": "guide" },
      h("p", { class: "note" }, "The real bot, between a stand-in Slack and a stand-in Altcraft. Try it in five steps."),
      h("ol", { class: "steps" }, this.rows.map((each) => each.row)),
      h("button", { type: "button", class: "linklike", "data-testid": "guide-dismiss", onclick: actions.dismiss }, "Hide this guide"));
  }

  show(state) {
    for (const { row, mark, step, index } of this.rows) {
      if (this.done.has(index) || !step.done(state)) continue;
      this.done.add(index);
      row.classList.add("done");
      mark.replaceChildren(icon("check"));
    }
    const next = this.rows.find(({ index }) => !this.done.has(index));
    for (const { row } of this.rows) row.classList.toggle("next", row === next?.row);
  }
}
