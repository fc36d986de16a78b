// Where blocks stand (a message, an ephemeral answer, a modal): what was typed there, and how a press gets to the app.

import { post } from "./api.js";

const INITIAL = {
  plain_text_input: (element) => ({ value: element.initial_value ?? null }),
  number_input: (element) => ({ value: element.initial_value ?? null }),
  email_text_input: (element) => ({ value: element.initial_value ?? null }),
  url_text_input: (element) => ({ value: element.initial_value ?? null }),
  static_select: (element) => ({ selected_option: element.initial_option ?? null }),
  external_select: (element) => ({ selected_option: element.initial_option ?? null }),
  radio_buttons: (element) => ({ selected_option: element.initial_option ?? null }),
  checkboxes: (element) => ({ selected_options: element.initial_options ?? [] }),
  users_select: (element) => ({ selected_user: element.initial_user ?? null }),
  channels_select: (element) => ({ selected_channel: element.initial_channel ?? null }),
  conversations_select: (element) => ({ selected_conversation: element.initial_conversation ?? null }),
  datepicker: (element) => ({ selected_date: element.initial_date ?? null }),
  timepicker: (element) => ({ selected_time: element.initial_time ?? null }),
  datetimepicker: (element) => ({ selected_date_time: element.initial_date_time ?? null }),
  file_input: () => ({ files: [] }),
};

const slot = (block, element) => `${block.block_id}\u0000${element.action_id}\u0000${element.type}`;

/** Every element of the blocks that holds a value, with the block it stands in. */
export function stateful(blocks) {
  const parts = (block) => [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])];
  return blocks.flatMap((block) => parts(block).filter((each) => each && each.type in INITIAL).map((element) => ({ block, element })));
}

export class Surface {
  /** `person` answers the id of who acts; `confirm` asks the person and answers a promise of yes or no. */
  constructor({ container, names, person, confirm, blocks }) {
    this.container = container;
    this.names = names;
    this.person = person;
    this.confirm = confirm;
    this.blocks = blocks;
    this.typed = new Map();
    this.errors = new Map();
  }

  valueOf(block, element) {
    const key = slot(block, element);
    // As in Slack: once an input stands there, a later initial value does not replace what it holds.
    if (!this.typed.has(key)) this.typed.set(key, INITIAL[element.type](element));
    return this.typed.get(key);
  }

  setValue(block, element, value) {
    this.typed.set(slot(block, element), value);
    this.errors.delete(block.block_id);
  }

  /** Forgets what was entered in elements that are not there any more. */
  forgetGone() {
    const alive = new Set(stateful(this.blocks()).map(({ block, element }) => slot(block, element)));
    for (const key of this.typed.keys()) {
      if (!alive.has(key)) this.typed.delete(key);
    }
  }

  /** `{block_id: {action_id: {type, …}}}`, as Slack's `state.values`. */
  state() {
    const values = {};
    for (const { block, element } of stateful(this.blocks())) {
      values[block.block_id] ??= {};
      values[block.block_id][element.action_id] = { type: element.type, ...this.valueOf(block, element) };
    }
    return values;
  }

  /** Whether the person goes on after the element's confirm dialog, if it has one. */
  async agreed(element) {
    return !element.confirm || this.confirm(element.confirm, this.names);
  }

  async press(block, element, value) {
    return post("/api/press", {
      as: this.person(),
      container: this.container,
      block_id: block.block_id,
      action_id: element.action_id,
      element: { type: element.type, ...value },
      state: this.state(),
    });
  }

  async options(block, element, typed) {
    const asked = { as: this.person(), container: this.container, block_id: block.block_id, action_id: element.action_id };
    return post("/api/options", { ...asked, value: typed, state: this.state() });
  }

  async upload(file) {
    const content = await new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(file);
    });
    const media = file.type || "application/octet-stream";
    return post("/api/upload", { as: this.person(), name: file.name, media_type: media, content });
  }
}
