// The Bot tab: whether the bot lives, a way to kill it in the middle of things, and the end of its log.

import { post } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

export const STATUS_WORDS = { running: "running", starting: "starting…", stopped: "stopped" };

export class BotPanel {
  constructor({ refresh }) {
    this.status = h("strong", { class: "status", "data-testid": "bot-status" });
    this.kill = h("button", { type: "button", class: "btn btn-danger", "data-testid": "bot-kill" }, icon("bolt"), "Kill (SIGKILL)");
    this.start = h("button", { type: "button", class: "btn btn-primary", "data-testid": "bot-start" }, icon("play"), "Start");
    this.failure = h("p", { class: "failure", role: "alert" });
    this.log = h("pre", { class: "log", tabindex: "0", "data-testid": "bot-log", "aria-label": "The end of the bot's log" });
    for (const [button, path] of [[this.kill, "/api/bot/kill"], [this.start, "/api/bot/start"]]) {
      button.addEventListener("click", async () => {
        button.setAttribute("aria-busy", "true");
        const reply = await post(path);
        button.removeAttribute("aria-busy");
        this.failure.textContent = reply.ok ? "" : reply.error;
        await refresh();
      });
    }
    this.node = h("div", { class: "panel bot-panel" },
      h("div", { class: "bot-state" }, this.status, h("div", { class: "bot-buttons" }, this.kill, this.start)),
      this.failure,
      h("p", { class: "note" }, "Kill ends the bot's process at once, with no goodbye. Start it again and it goes on from its record: nothing is launched twice, nothing is lost."),
      h("h3", {}, "Log"),
      this.log);
    this.node.addEventListener("shown", () => {
      this.log.scrollTop = this.log.scrollHeight;
    });
  }

  show(bot) {
    this.status.textContent = STATUS_WORDS[bot.status] ?? bot.status;
    this.status.className = `status status-${bot.status}`;
    const pressed = [this.kill, this.start].find((button) => button === document.activeElement);
    this.kill.disabled = bot.status === "stopped";
    this.start.disabled = bot.status !== "stopped";
    if (pressed?.disabled) (pressed === this.kill ? this.start : this.kill).focus();
    const text = bot.log.length ? bot.log.join("\n") : "Nothing yet.";
    if (this.log.textContent === text) return;
    const atEnd = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
    this.log.textContent = text;
    if (atEnd) this.log.scrollTop = this.log.scrollHeight;
  }
}
