// The page's frame: the top bar, and the side panel, which a narrow window shows instead of everything else.

import { STATUS_WORDS } from "./botpanel.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { Tabs } from "./tabs.js";

/** A window so narrow has room for the stage or the side panel, as style.css says. */
const NARROW = matchMedia("(max-width: 860px)");

export class Frame {
  /** `panels` are those of the side panel, in their order; the first is open. */
  constructor({ topbar, layout, inspector, panels, showGuide }) {
    Object.assign(this, { layout, inspector });
    this.tabs = new Tabs(inspector, panels);
    this.away = h("p", { class: "away", role: "status", hidden: true, "data-testid": "away" }, "The sandbox does not answer; trying again…");
    this.next = h("span", {}, "Guide");
    this.botPill = h("button", { type: "button", class: "bot-pill", "data-testid": "bot-pill", onclick: () => this.open("bot") });
    this.panelButton = h("button", { type: "button", class: "ghost", "aria-label": "Show or hide the side panel", title: "Side panel", "data-testid": "toggle-inspector", onclick: () => this.setInspector(inspector.hidden) }, icon("panel"));
    topbar.append(
      h("img", { src: "/favicon.svg", alt: "", width: 22, height: 22 }), h("h1", {}, "campaign-bot", h("span", {}, "sandbox")),
      h("p", { class: "topbar-note" }, "Stand-in Slack and Altcraft. Nothing leaves this computer."),
      this.away,
      h("button", { type: "button", class: "guide-pill", title: "Show the guide", "data-testid": "show-guide", onclick: showGuide }, icon("book"), this.next),
      this.botPill, this.panelButton);
    this.tabs.open(panels[0].name);
    this.setInspector(!NARROW.matches);
    NARROW.addEventListener("change", () => this.setInspector(!NARROW.matches));
  }

  setAway(away) {
    this.away.hidden = !away;
  }

  showBot(status) {
    this.botPill.className = `bot-pill status-${status}`;
    this.botPill.replaceChildren(`Bot ${STATUS_WORDS[status] ?? status}`);
  }

  /** The guide's next step stands in the top bar, whatever else is open; `title` is null where there is none. */
  showNext(title) {
    this.next.textContent = title === null ? "Guide" : `Next: ${title}`;
  }

  setInspector(shown) {
    this.layout.classList.toggle("without-inspector", !shown);
    this.inspector.hidden = !shown;
    this.panelButton.setAttribute("aria-pressed", String(shown));
  }

  uncoverStage() {
    if (NARROW.matches) this.setInspector(false);
  }

  open(tab) {
    this.setInspector(true);
    this.tabs.open(tab, true);
  }
}
