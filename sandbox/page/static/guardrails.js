// The Guard rails tab: which policy holds, and what it reads like.

import { post } from "./api.js";
import { h, uniqueId } from "./dom.js";

const OWN = { name: "", title: "Another policy" };

export class GuardRailsPanel {
  constructor({ refresh }) {
    const id = uniqueId("setup");
    this.choice = h("select", { id, class: "wide", "data-testid": "setup" });
    this.failure = h("p", { class: "failure", role: "alert" });
    this.text = h("pre", { class: "policy", tabindex: "0", "data-testid": "setup-text", "aria-label": "The policy’s file" });
    this.choice.addEventListener("change", async () => {
      const reply = await post("/api/setup", { name: this.choice.value });
      this.failure.textContent = reply.ok ? "" : reply.error;
      await refresh();
    });
    this.node = h("div", { class: "panel rails-panel" },
      h("p", { class: "note" }, "What a launch needs is written in one file, which the bot reads again whenever it changes."),
      h("label", { class: "caption", for: id }, "Set-up"), this.choice, this.failure,
      h("h3", { class: "caption" }, h("code", {}, "policy.toml")), this.text);
  }

  show({ current, content, setups }) {
    const offered = current === OWN.name ? [OWN, ...setups] : setups;
    const wanted = offered.map((each) => h("option", { value: each.name, title: each.title }, shortTitle(each.title)));
    if (this.choice.options.length !== wanted.length) this.choice.replaceChildren(...wanted);
    this.choice.value = current;
    if (this.shown === content) return;
    this.shown = content;
    this.text.replaceChildren(...(content.trim() ? content.trimEnd().split("\n").map(line) : [h("span", { class: "remark" }, "# Empty: the lists in the bot’s environment and the defaults hold.")]));
    this.text.scrollTop = 0;
  }
}

/** What stands before the colon: `Bank-like` of `Bank-like: two approvals, …`. */
const shortTitle = (title) => title.split(":")[0];

function line(text) {
  const kind = text.startsWith("#") ? "remark" : text.startsWith("[") ? "heading" : null;
  return h("span", { class: kind }, `${text}\n`);
}
