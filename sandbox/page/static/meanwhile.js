// What somebody does in the platform's own pages meanwhile, so that what was approved is not what would be launched.

import { post } from "./api.js";
import { h } from "./dom.js";

/** What people see of a message before they open it. */
const EDITED = ["subject", "from_name", "sms", "title", "body", "click_url"];

export class Meanwhile {
  constructor({ refresh }) {
    const name = h("input", { type: "text", maxlength: 200, autocomplete: "off", spellcheck: "false", "aria-label": "New name", "data-testid": "edit-name" });
    const size = h("input", { type: "number", min: 0, step: 1, "aria-label": "New size", "data-testid": "edit-size" });
    this.campaign = new Edit({ hook: "edit-campaign", label: "Campaign", input: name, words: "Rename", refresh, ask: (each) => ["/api/campaign", { id: each.id, name: name.value }] });
    this.audience = new Edit({ hook: "edit-audience", label: "Segment or database", input: size, words: "Set size", refresh, ask: (each) => ["/api/audience", { kind: each.kind, id: each.id, count: Math.round(size.valueAsNumber) }] });
    const words = h("input", { type: "text", maxlength: 300, autocomplete: "off", "aria-label": "New words", "data-testid": "edit-words" });
    this.template = new Edit({ hook: "edit-template", label: "Template", input: words, words: "Change", refresh, mayBeEmpty: true, ask: (each) => ["/api/template", { id: each.id, sid: each.sid, field: each.field, value: words.value }] });
    this.node = h("div", { class: "rows" }, this.campaign.node, this.audience.node, this.template.node);
  }

  show(campaigns, audiences, templates) {
    this.campaign.show(campaigns.map((each) => ({ id: each.id, key: `campaign ${each.id}`, words: `${each.id} ${each.name}`, value: each.name, first: each.type === "broadcast" })));
    this.audience.show(audiences.map((each) => ({ id: each.id, kind: each.kind, key: `${each.kind}:${each.id}`, words: `${each.kind}:${each.id} ${each.name}`, value: String(each.count), first: each.kind === "segment" })));
    this.template.show(templates.flatMap(fieldsOf));
  }
}

function fieldsOf({ id, name, channels }) {
  return Object.entries(channels).flatMap(([sid, fields]) => EDITED.filter((field) => field in fields)
    .map((field) => ({ id, sid, field, key: `${id} ${sid} ${field}`, words: `${id} ${name}: ${field}`, value: fields[field], first: id === 78 && field === "subject" })));
}

/** One thing to choose, its value to change, and the button that changes it. */
class Edit {
  /** `ask` gives the address and the body for the chosen one. */
  constructor({ hook, label, input, words, refresh, ask, mayBeEmpty = false }) {
    this.items = [];
    this.input = input;
    this.choice = h("select", { class: "wide", "aria-label": label, "data-testid": hook });
    this.failure = h("p", { class: "failure", role: "alert" });
    this.choice.addEventListener("change", () => this.fill());
    this.node = h("form", { class: "edit", novalidate: true }, this.choice, input, h("button", { type: "submit", class: "btn btn-small", "data-testid": `${hook}-do` }, words), this.failure);
    this.node.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!mayBeEmpty && !input.value.trim()) {
        this.failure.textContent = "Type what it is to be.";
        return;
      }
      const reply = await post(...ask(this.chosen()));
      this.failure.textContent = reply.ok ? "" : reply.error;
      if (reply.ok) await refresh();
    });
  }

  show(items) {
    const [before, after] = [this.items, items].map((list) => JSON.stringify(list));
    if (before === after) return;
    const held = this.chosen();
    this.items = items;
    this.choice.replaceChildren(...items.map((each) => h("option", { value: each.key }, each.words)));
    const again = items.find((each) => each.key === held?.key) ?? items.find((each) => each.first) ?? items[0];
    if (!again) return;
    this.choice.value = again.key;
    // Not under the person's fingers.
    if (again.value !== held?.value && document.activeElement !== this.input) this.fill();
  }

  chosen() {
    return this.items.find((each) => each.key === this.choice.value);
  }

  fill() {
    this.failure.textContent = "";
    this.input.value = this.chosen()?.value ?? "";
  }
}
