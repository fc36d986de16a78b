// The app's Home tab, in the direct messages with the bot.

import { post } from "./api.js";
import { renderBlock } from "./blocks.js";
import { confirm } from "./confirm.js";
import { h, patchList } from "./dom.js";
import { Surface } from "./surface.js";

export class Home {
  constructor({ place, names, person, refresh }) {
    Object.assign(this, { place, names, person, refresh, isOpen: false, surface: null, blocks: [] });
    this.failure = h("p", { class: "press-failed", role: "alert" });
    this.list = h("div", { class: "home-blocks" });
    place.append(this.list, this.failure);
    place.addEventListener("press-failed", (event) => this.failure.replaceChildren(event.detail));
  }

  /** The two tabs of a direct message with an app. */
  switcher(changed) {
    const go = (open) => async () => {
      this.isOpen = open;
      changed();
      await post("/api/home", { as: this.person(), tab: open ? "home" : "messages" });
      await this.refresh();
    };
    const tab = (words, open) => h("button", { type: "button", class: "dm-tab", "aria-pressed": String(this.isOpen === open), "data-testid": open ? "dm-home" : "dm-messages", onclick: go(open) }, words);
    return h("div", { class: "dm-tabs" }, tab("Messages", false), tab("Home", true));
  }

  leave() {
    this.isOpen = false;
  }

  show(view, inDm) {
    const isShown = this.isOpen && Boolean(inDm);
    this.place.hidden = !isShown;
    this.place.parentElement.classList.toggle("shows-home", isShown);
    if (!isShown) return;
    this.list.dataset.empty = view ? "" : "The bot has put nothing here yet.";
    if (!view) {
      this.list.replaceChildren();
      return;
    }
    this.blocks = view.blocks.map((block, index) => (block.block_id ? block : { ...block, block_id: `block-${index}` }));
    if (this.surface?.container.view_id !== view.id) {
      const container = { type: "view", view_id: view.id };
      this.surface = new Surface({ container, names: this.names, person: this.person, confirm, blocks: () => this.blocks });
      this.list.replaceChildren();
    }
    patchList(this.list, this.blocks, { key: (block) => block.block_id, render: (block) => renderBlock(block, this.surface) });
  }
}
