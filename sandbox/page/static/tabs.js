// A row of tabs with their panels, usable by keyboard.

import { h, uniqueId } from "./dom.js";

export class Tabs {
  /** `panels` is a list of {name, title, node}. */
  constructor(place, panels) {
    this.entries = new Map();
    const bar = h("div", { class: "tabs", role: "tablist", "aria-label": "Behind the scenes" });
    place.append(bar);
    for (const { name, title, node } of panels) {
      const id = uniqueId("tab");
      const tab = h("button", { type: "button", role: "tab", id, "aria-controls": `${id}-panel`, "data-testid": `tab-${name}`, onclick: () => this.open(name) }, title);
      const panel = h("div", { class: "tab-panel", role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id, tabindex: "-1", hidden: true }, node);
      bar.append(tab);
      place.append(panel);
      this.entries.set(name, { tab, panel });
    }
    bar.addEventListener("keydown", (event) => this.key(event));
  }

  /** With `focus`, whoever asked for the panel from elsewhere goes on in it. */
  open(name, focus = false) {
    this.current = name;
    for (const [each, { tab, panel }] of this.entries) {
      tab.setAttribute("aria-selected", String(each === name));
      tab.tabIndex = each === name ? 0 : -1;
      panel.hidden = each !== name;
      if (each === name) panel.firstElementChild.dispatchEvent(new CustomEvent("shown"));
    }
    if (focus) this.entries.get(name).tab.focus({ preventScroll: true });
  }

  setShown(name, shown) {
    this.entries.get(name).tab.hidden = !shown;
    if (!shown && this.current === name) this.open([...this.entries].find(([, { tab }]) => !tab.hidden)[0]);
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const names = [...this.entries].filter(([, { tab }]) => !tab.hidden).map(([name]) => name);
    const next = names[(names.indexOf(this.current) + step + names.length) % names.length];
    this.open(next);
    this.entries.get(next).tab.focus();
  }
}
