// The modal over the channel: shows the top of a person's view stack and keeps what is typed there through updates.

import { post } from "./api.js";
import { renderBlock } from "./blocks.js";
import { avatar } from "./avatar.js";
import { confirm } from "./confirm.js";
import { h, patchList, uniqueId } from "./dom.js";
import { missing, showError, updateInputBlock } from "./fields.js";
import { placeOf, returnTo } from "./focus.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";
import { Surface } from "./surface.js";

/** A view whose blocks all have an id, as Slack sees to. */
function withBlockIds(view) {
  const blocks = (view.blocks ?? []).map((block, index) => (block.block_id ? block : { ...block, block_id: `block-${index}` }));
  return { ...view, blocks };
}

export class Modal {
  /**
   * `place` holds the dialog, `behind` is out of reach while it is open; `refresh` fetches the state again.
   * `otherwise` answers what gets the focus afterwards where the dialog was opened from something that is gone.
   */
  constructor({ place, behind, names, person, refresh, otherwise }) {
    Object.assign(this, { place, behind, names, person, refresh, otherwise, surfaces: new Map(), open: null });
  }

  show(views) {
    this.forgetClosed(views);
    const top = views.at(-1);
    if (!top) {
      this.hide();
      return;
    }
    const key = `${this.person()}/${top.view_id}`;
    if (this.open?.key !== key) this.build(key, top);
    else if (this.open.hash !== (top.hash ?? JSON.stringify(top.view))) this.patch(top);
    this.open.dialog.classList.toggle("stacked", views.length > 1);
  }

  forgetClosed(views) {
    const mine = `${this.person()}/`;
    const alive = new Set(views.map((each) => mine + each.view_id));
    for (const key of this.surfaces.keys()) {
      if (key.startsWith(mine) && !alive.has(key)) this.surfaces.delete(key);
    }
  }

  surfaceOf(key, viewId) {
    if (!this.surfaces.has(key)) {
      const container = { type: "view", view_id: viewId };
      this.surfaces.set(key, new Surface({ container, names: this.names, person: this.person, confirm, blocks: () => this.open.view.blocks }));
    }
    return this.surfaces.get(key);
  }

  build(key, top) {
    const opener = this.open?.opener ?? placeOf(document.activeElement);
    this.hide(false);
    const surface = this.surfaceOf(key, top.view_id);
    const title = uniqueId("modal-title");
    const parts = {
      title: h("h2", { id: title, "data-testid": "modal-title" }),
      body: h("div", { class: "modal-body", "data-testid": "modal-body" }),
      trouble: h("p", { class: "trouble", role: "alert", "data-testid": "modal-error" }),
      cancel: h("button", { type: "button", class: "btn", "data-testid": "modal-close", onclick: () => this.close() }),
      submit: h("button", { type: "submit", class: "btn btn-primary", "data-testid": "modal-submit" }),
    };
    const dismiss = h("button", { type: "button", class: "ghost", "aria-label": "Close", "data-testid": "modal-dismiss", onclick: () => this.close(true) }, icon("close"));
    const form = h("form", { novalidate: true, autocomplete: "off" },
      h("header", {}, avatar({ id: "U0BOT", name: "campaign-bot", isBot: true }, "small"), parts.title, dismiss),
      parts.body,
      h("footer", {}, parts.trouble, parts.cancel, parts.submit));
    const dialog = h("section", { class: "modal", role: "dialog", "aria-labelledby": title, "data-testid": "modal", tabindex: "-1" }, form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    dialog.addEventListener("press-failed", (event) => this.trouble(event.detail));
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.close());
    this.open = { key, viewId: top.view_id, surface, dialog, parts, opener, busy: false };
    this.place.replaceChildren(dialog);
    this.place.hidden = false;
    this.behind.inert = true;
    this.patch(top);
    (dialog.querySelector("[autofocus]") ?? dialog.querySelector(".modal-body :is(input, textarea):not([type=file])") ?? dialog).focus({ preventScroll: true });
  }

  patch(top) {
    const view = withBlockIds(top.view);
    const { parts, surface, dialog } = this.open;
    this.open.view = view;
    this.open.hash = top.hash ?? JSON.stringify(top.view);
    surface.forgetGone();
    parts.title.replaceChildren(plain(view.title?.text ?? ""));
    parts.cancel.replaceChildren(plain(view.close?.text ?? "Close"));
    parts.submit.replaceChildren(plain(view.submit?.text ?? "Submit"));
    parts.submit.hidden = !view.submit;
    dialog.dataset.callback = view.callback_id ?? "";
    patchList(parts.body, view.blocks, {
      key: (block) => `${block.block_id}/${block.type}`,
      render: (block) => renderBlock(block, surface),
      update: updateInputBlock,
    });
  }

  async submit() {
    const { surface, viewId, view, parts } = this.open;
    if (this.open.busy || !view.submit) return;
    this.trouble("");
    this.showErrors(missing(view.blocks, surface));
    if (surface.errors.size) return;
    const asked = this.open;
    asked.busy = true;
    parts.submit.setAttribute("aria-busy", "true");
    const reply = await post("/api/submit", { as: this.person(), view_id: viewId, state: surface.state() });
    asked.busy = false;
    parts.submit.removeAttribute("aria-busy");
    if (this.open === asked) {
      this.showErrors(reply.errors ?? {});
      if (reply.error && !surface.errors.size) this.trouble(reply.error);
    }
    await this.refresh();
  }

  showErrors(errors) {
    const { surface, parts } = this.open;
    surface.errors = new Map(Object.entries(errors));
    for (const field of parts.body.querySelectorAll(".field")) {
      showError(field, errors[field.dataset.testid.replace(/^field-/, "")] ?? null);
    }
    const first = parts.body.querySelector(".has-error");
    first?.scrollIntoView({ block: "nearest" });
    first?.querySelector("input, textarea")?.focus({ preventScroll: true });
  }

  trouble(text) {
    this.open?.parts.trouble.replaceChildren(...(text ? [icon("alert"), text] : []));
  }

  /** Closes the top view, or with `everything` the whole stack, as the X does. */
  async close(everything = false) {
    const reply = await post("/api/close", { as: this.person(), view_id: this.open.viewId, everything });
    if (!reply.ok && reply.error && this.open) this.trouble(reply.error);
    await this.refresh();
  }

  hide(giveBackFocus = true) {
    if (!this.open) return;
    const { opener, dialog } = this.open;
    const hadFocus = dialog.contains(document.activeElement);
    this.open = null;
    this.place.hidden = true;
    this.place.replaceChildren();
    this.behind.inert = false;
    if (giveBackFocus && hadFocus) returnTo(opener, this.otherwise);
  }
}
