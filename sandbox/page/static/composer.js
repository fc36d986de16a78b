// The line to type in: `/` shows the commands, Enter sends.

import { post } from "./api.js";
import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

export class Composer {
  /** `where` answers {person, channel, thread, prompt}; `said(text)` shows a sentence of Slack's to the person alone. */
  constructor({ where, said, refresh, hook = "composer" }) {
    Object.assign(this, { where, said, refresh, commands: [], at: 0, shown: [] });
    const listId = uniqueId("commands");
    this.list = h("div", { class: "command-list", id: listId, role: "listbox", "aria-label": "Commands", hidden: true, "data-testid": "command-list" });
    this.input = h("textarea", {
      rows: 1, "data-testid": hook, "aria-label": "Message", role: "combobox",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": listId, spellcheck: "false",
    });
    this.button = h("button", { type: "submit", class: "send", "aria-label": "Send", "data-testid": `${hook}-send` }, icon("send"));
    this.shortcuts = h("div", { class: "shortcuts" });
    this.hint = h("p", { class: "composer-hint", "aria-live": "polite" });
    this.node = h("form", { class: "composer" }, this.list, h("div", { class: "composer-box" }, this.shortcuts, this.input, this.button), this.hint);
    this.node.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.input.addEventListener("input", () => this.edited());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.showList([]));
    this.input.addEventListener("focus", () => this.edited());
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const row = event.target.closest("[role=option]");
      if (row) this.take(this.shown[Number(row.dataset.at)]);
    });
    this.edited();
  }

  update(commands) {
    this.commands = commands;
    this.input.placeholder = this.where().prompt;
    this.showHint();
  }

  /** Global shortcuts, as Slack has them beside the line to type in. */
  offer(shortcuts) {
    const key = JSON.stringify(shortcuts);
    if (this.offered === key) return;
    this.offered = key;
    const choose = (each) => () => this.choose(each);
    this.shortcuts.replaceChildren(...shortcuts.map((each) =>
      h("button", { type: "button", class: "ghost", title: `${each.name}: ${each.description}`, "aria-label": `Shortcut: ${each.name}`, "data-testid": `shortcut-${each.callback_id}`, onclick: choose(each) }, icon("bolt"))));
  }

  async choose(shortcut) {
    const { person, channel } = this.where();
    const reply = await post("/api/shortcut", { as: person, channel, callback_id: shortcut.callback_id });
    if (!reply.ok) this.said(reply.error);
    await this.refresh();
  }

  fill(text) {
    this.input.value = text;
    this.input.focus();
    this.edited();
  }

  edited() {
    const typed = this.input.value;
    const starts = typed.startsWith("/") && !/\s/.test(typed);
    this.showList(starts && document.activeElement === this.input ? this.commands.filter((each) => each.command.startsWith(typed)) : []);
    this.grow();
    this.button.disabled = !typed.trim();
    this.showHint();
  }

  grow() {
    this.input.style.height = "";
    if (this.input.value) this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
  }

  showHint() {
    const [word] = this.input.value.trimStart().split(/\s/, 1);
    const command = this.commands.find((each) => each.command === word);
    this.hint.replaceChildren(...(command ? [h("code", {}, `${command.command} ${command.hint ?? ""}`), ` ${command.description ?? ""}`] : []));
  }

  showList(commands) {
    this.shown = commands;
    this.at = 0;
    this.list.hidden = !commands.length;
    this.input.setAttribute("aria-expanded", String(commands.length > 0));
    this.list.replaceChildren(...commands.map((each, at) => this.row(each, at)));
    this.mark();
  }

  row(each, at) {
    return h("div", { role: "option", id: `${this.list.id}-${at}`, "data-at": at, "data-testid": `command-${each.command}` },
      h("strong", {}, each.command), h("code", {}, each.hint ?? ""), h("small", {}, each.description ?? ""));
  }

  mark() {
    [...this.list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === this.at)));
    if (this.shown.length) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return;
    if (this.shown.length && this.listKey(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  /** Whether the key was meant for the list; Enter on a command already typed out sends it. */
  listKey(event) {
    const chosen = this.shown[this.at];
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + this.shown.length) % this.shown.length;
        this.mark();
        return true;
      case "Tab":
        this.take(chosen);
        return true;
      case "Enter":
        if (chosen.command === this.input.value) return false;
        this.take(chosen);
        return true;
      case "Escape":
        this.showList([]);
        return true;
      default:
        return false;
    }
  }

  take(command) {
    this.fill(`${command.command} `);
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
  }

  async send() {
    const typed = this.input.value.trim();
    if (!typed || this.node.getAttribute("aria-busy") === "true") return;
    const [command] = typed.split(/\s/, 1);
    const { person, channel, thread } = this.where();
    if (command.startsWith("/") && thread) {
      this.said("Slack takes no commands in threads. Type it in the channel.");
      return;
    }
    if (command.startsWith("/") && !this.commands.some((each) => each.command === command)) {
      this.said(`${command} is not a valid command. Type / to see the commands.`);
      return;
    }
    this.input.value = "";
    // The button that may have been pressed is of no use until something is typed again.
    this.input.focus();
    this.edited();
    this.node.setAttribute("aria-busy", "true");
    const reply = command.startsWith("/")
      ? await post("/api/command", { as: person, channel, command, text: typed.slice(command.length).trim() })
      : await post("/api/say", { as: person, channel, text: typed, thread_ts: thread ?? "" });
    this.node.removeAttribute("aria-busy");
    if (!reply.ok) {
      this.said(reply.error);
      if (!this.input.value) this.fill(typed);
    }
    await this.refresh();
  }
}
