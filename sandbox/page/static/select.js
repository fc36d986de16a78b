// Select menus as searchable comboboxes; the options of an external select come from the app while typing.

import { debounce, h, uniqueId } from "./dom.js";
import { entered, inputAttributes } from "./entering.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";

const TYPING_PAUSE = 200;
const SLACKS_MIN_QUERY_LENGTH = 3;

const DIRECTORY = {
  users_select: { property: "selected_user", list: (names) => names.users() },
  channels_select: { property: "selected_channel", list: (names) => names.channels() },
  conversations_select: { property: "selected_conversation", list: (names) => names.channels() },
};

const asOption = ({ id, name }) => ({ text: { type: "plain_text", text: name }, value: id });

/** Where the options come from and how a chosen one is told to the app. */
function sourceOf(element, surface) {
  const directory = DIRECTORY[element.type];
  if (!directory) {
    const groups = element.option_groups ?? [{ options: element.options ?? [] }];
    return { groups, external: element.type === "external_select", wrap: (option) => ({ selected_option: option }), unwrap: (value) => value.selected_option };
  }
  const options = directory.list(surface.names).map(asOption);
  return {
    groups: [{ options }],
    external: false,
    wrap: (option) => ({ [directory.property]: option?.value ?? null }),
    unwrap: (value) => options.find((option) => option.value === value[directory.property]) ?? null,
  };
}

export function select(element, block, surface, label) {
  return new Combobox(element, block, surface, label).node;
}

class Combobox {
  constructor(element, block, surface, label) {
    Object.assign(this, { element, block, surface, source: sourceOf(element, surface), shown: [], at: -1, asked: 0, open: false });
    this.listId = uniqueId("options");
    this.input = h("input", {
      ...inputAttributes(element, block, label),
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.listId,
      placeholder: element.placeholder?.text ?? "Choose an option",
    });
    this.list = h("div", { class: "listbox", id: this.listId, role: "listbox", "aria-label": "Options", hidden: true });
    this.clear = h("button", { type: "button", class: "clear", "aria-label": "Clear", tabindex: "-1" }, icon("close"));
    this.node = h("div", { class: "select", "data-testid": `select-${element.action_id}` }, this.input, this.clear, h("span", { class: "caret" }, icon("caret")), this.list);
    this.follow = () => (this.node.isConnected ? this.place() : this.close());
    this.later = debounce(() => this.load(this.input.value), TYPING_PAUSE);
    this.listen();
    this.showChosen();
  }

  get chosen() {
    return this.source.unwrap(this.surface.valueOf(this.block, this.element));
  }

  listen() {
    this.input.addEventListener("mousedown", () => document.activeElement === this.input && (this.open ? this.close() : this.start()));
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => this.open || this.start());
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => {
      this.close();
      this.showChosen();
    });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.choose(this.shown[Number(row.dataset.at)]);
    });
    this.clear.addEventListener("mousedown", (event) => event.preventDefault());
    this.clear.addEventListener("click", () => this.choose(null));
  }

  showChosen() {
    const option = this.chosen;
    this.input.value = option?.text.text ?? "";
    this.clear.hidden = !(option && this.block.optional);
  }

  start() {
    this.setOpen(true);
    if (this.source.external) this.load("");
    else this.show(this.source.groups);
  }

  typed() {
    this.setOpen(true);
    if (this.source.external) {
      if (this.needsMore(this.input.value)) this.askForMore();
      else this.say("Searching…");
      this.later();
      return;
    }
    const wanted = this.input.value.trim().toLowerCase();
    const matching = this.source.groups.map((group) => ({ ...group, options: group.options.filter((option) => option.text.text.toLowerCase().includes(wanted)) }));
    this.show(matching);
  }

  get minimum() {
    return this.element.min_query_length ?? SLACKS_MIN_QUERY_LENGTH;
  }

  needsMore(typed) {
    return typed.trim().length < this.minimum;
  }

  askForMore() {
    this.say(this.minimum === 1 ? "Type to search" : `Type at least ${this.minimum} characters to search`);
  }

  async load(typed) {
    if (this.needsMore(typed)) {
      this.askForMore();
      return;
    }
    const turn = (this.asked += 1);
    if (!this.shown.length) this.say("Loading…");
    this.node.setAttribute("aria-busy", "true");
    const reply = await this.surface.options(this.block, this.element, typed);
    if (turn !== this.asked) return;
    this.node.removeAttribute("aria-busy");
    if (!this.open) return;
    if (reply.ok) this.show(groupsOf(reply.options));
    else this.say(reply.error ?? "The options could not be loaded");
  }

  show(groups) {
    this.list.replaceChildren();
    this.shown = [];
    const current = this.chosen?.value;
    for (const group of groups) {
      if (!group.options.length) continue;
      if (group.label) this.list.append(h("div", { class: "group", role: "presentation" }, plain(group.label.text)));
      for (const option of group.options) this.list.append(this.row(option, option.value === current));
    }
    if (!this.shown.length) this.say("No result");
    else this.mark(Math.max(0, this.shown.findIndex((option) => option.value === current)));
  }

  row(option, isCurrent) {
    const at = this.shown.push(option) - 1;
    const description = option.description && h("small", {}, plain(option.description.text));
    const tick = isCurrent && icon("check");
    return h("div", { role: "option", id: `${this.listId}-${at}`, "data-at": at, "data-value": option.value, "aria-selected": String(isCurrent) }, h("span", {}, plain(option.text.text), description), tick);
  }

  say(text) {
    this.shown = [];
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(h("div", { class: "nothing", role: "status" }, text));
  }

  mark(at) {
    this.list.querySelector(".marked")?.classList.remove("marked");
    this.at = at;
    const row = this.list.querySelector(`[data-at="${at}"]`);
    if (!row) return;
    row.classList.add("marked");
    row.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", row.id);
  }

  key(event) {
    if (event.key === "Escape" && this.open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.showChosen();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.open) this.start();
      else if (this.shown.length) this.mark((this.at + (event.key === "ArrowDown" ? 1 : -1) + this.shown.length) % this.shown.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.open && this.at >= 0) this.choose(this.shown[this.at]);
    }
  }

  choose(option) {
    const before = this.chosen?.value;
    entered(this.node, this.element, this.block, this.surface, this.source.wrap(option), false);
    this.close();
    this.showChosen();
    this.input.select();
    if (before !== option?.value) entered(this.node, this.element, this.block, this.surface, this.source.wrap(option));
  }

  setOpen(open) {
    this.open = open;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    const listen = open ? "addEventListener" : "removeEventListener";
    window[listen]("resize", this.follow);
    window[listen]("scroll", this.follow, true);
    if (open) this.place();
  }

  /** Below the field, or above it where the window ends; fixed, so that a scrolling dialog does not cut it, and so placed anew when it scrolls or the window turns. */
  place() {
    const box = this.input.getBoundingClientRect();
    const below = window.innerHeight - box.bottom;
    const above = below < 220 && box.top > below;
    Object.assign(this.list.style, {
      left: `${box.left}px`, width: `${box.width}px`,
      top: above ? "auto" : `${box.bottom + 4}px`,
      bottom: above ? `${window.innerHeight - box.top + 4}px` : "auto",
      maxHeight: `${Math.min(280, (above ? box.top : below) - 16)}px`,
    });
  }

  close() {
    this.later.cancel();
    this.asked += 1;
    this.node.removeAttribute("aria-busy");
    this.setOpen(false);
    this.input.removeAttribute("aria-activedescendant");
  }
}

const groupsOf = (options) => (options.some((each) => each.options) ? options : [{ options }]);
