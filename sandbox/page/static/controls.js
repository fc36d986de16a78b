// Block Kit's interactive elements: buttons, menus and inputs. Each keeps its value in its surface.

import { momentOf, wallTime } from "./clocks.js";
import { debounce, h, uniqueId } from "./dom.js";
import { entered, inputAttributes, tell } from "./entering.js";
import { fileInput } from "./files.js";
import { icon } from "./icons.js";
import { plain, textObject } from "./mrkdwn.js";
import { select } from "./select.js";

const CHARACTER_PAUSE = 300;

const CONTROLS = {
  button,
  overflow,
  plain_text_input: textInput,
  number_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  radio_buttons: choices,
  checkboxes: choices,
  static_select: select,
  external_select: select,
  users_select: select,
  channels_select: select,
  conversations_select: select,
  datepicker: dateInput,
  timepicker: dateInput,
  datetimepicker: dateInput,
  file_input: fileInput,
};

export const isControl = (type) => type in CONTROLS;

/** `label` names the element for screen readers: {id} of the field's input, {labelledby}, {describedby}. */
export function control(element, block, surface, label = {}) {
  const node = CONTROLS[element.type](element, block, surface, label);
  if (!node.dataset.testid) node.dataset.testid = `action-${element.action_id}`;
  return node;
}

function button(element, block, surface) {
  const style = element.style ? ` btn-${element.style}` : "";
  const node = h("button", {
    type: "button",
    class: `btn${style}`,
    "data-control": `${block.block_id}/${element.action_id}`,
    "data-testid": `action-${element.action_id}`,
    "aria-label": element.accessibility_label,
  }, plain(element.text.text, element.text.emoji !== false));
  node.addEventListener("click", () => {
    if (element.url && /^https?:/i.test(element.url)) window.open(element.url, "_blank", "noopener,noreferrer");
    if (node.getAttribute("aria-busy") === "true") return;
    tell(node, element, block, surface, { value: element.value, text: element.text });
  });
  return node;
}

function overflow(element, block, surface) {
  const menu = h("div", { class: "menu", role: "menu", hidden: true });
  const opener = h("button", { type: "button", class: "btn btn-icon", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "More actions" }, icon("more"));
  const show = (open) => {
    menu.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) menu.firstElementChild?.focus();
  };
  const items = element.options.map((option) =>
    h("button", {
      type: "button", role: "menuitem",
      onclick: () => {
        show(false);
        tell(opener, element, block, surface, { selected_option: option });
      },
    }, textObject(option.text, surface.names)));
  menu.append(...items);
  opener.addEventListener("click", () => show(menu.hidden));
  const frame = h("div", { class: "overflow" }, opener, menu);
  frame.addEventListener("focusout", (event) => frame.contains(event.relatedTarget) || show(false));
  frame.addEventListener("keydown", (event) => menuKey(event, items, opener, show));
  return frame;
}

function menuKey(event, items, opener, show) {
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    show(false);
    opener.focus();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}

const TEXT_TYPES = { plain_text_input: "text", number_input: "text", email_text_input: "email", url_text_input: "url" };

function textInput(element, block, surface, label) {
  const attributes = {
    ...inputAttributes(element, block, label),
    placeholder: element.placeholder?.text,
    maxlength: element.max_length,
    autofocus: element.focus_on_load,
  };
  const inputmode = element.is_decimal_allowed ? "decimal" : "numeric";
  const node = element.multiline
    ? h("textarea", { ...attributes, rows: 3 })
    : h("input", { ...attributes, type: TEXT_TYPES[element.type], inputmode: element.type === "number_input" ? inputmode : null, autocomplete: "off", spellcheck: "false" });
  node.value = surface.valueOf(block, element).value ?? "";
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const current = () => ({ value: node.value || null });
  const say = () => node.isConnected && tell(node, element, block, surface, current());
  const soon = debounce(say, CHARACTER_PAUSE);
  node.addEventListener("input", () => {
    entered(node, element, block, surface, current(), false);
    if (block.dispatch_action && triggers.includes("on_character_entered")) soon();
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || (element.multiline && !event.ctrlKey && !event.metaKey)) return;
    if (!block.dispatch_action || !triggers.includes("on_enter_pressed")) return;
    event.preventDefault();
    soon.cancel();
    say();
  });
  return node;
}

function choices(element, block, surface, label) {
  const several = element.type === "checkboxes";
  const name = uniqueId("choice");
  const chosen = surface.valueOf(block, element);
  const isChosen = (option) => (several ? chosen.selected_options : [chosen.selected_option]).some((each) => each?.value === option.value);
  const node = h("div", { class: "choices", role: several ? "group" : "radiogroup", "aria-labelledby": label.labelledby, "aria-describedby": label.describedby });
  const boxes = element.options.map((option, index) => {
    const id = `${name}-${index}`;
    const box = h("input", { id, type: several ? "checkbox" : "radio", name, value: option.value, "data-control": `${block.block_id}/${element.action_id}/${option.value}` });
    box.checked = isChosen(option);
    const description = option.description && h("small", {}, textObject(option.description, surface.names));
    node.append(h("label", { class: "choice", for: id }, box, h("span", {}, textObject(option.text, surface.names), description)));
    return box;
  });
  node.addEventListener("change", () => {
    const selected = element.options.filter((_, index) => boxes[index].checked);
    entered(node, element, block, surface, several ? { selected_options: selected } : { selected_option: selected[0] ?? null });
  });
  return node;
}

const DATES = {
  datepicker: { type: "date", property: "selected_date", read: (text) => text, show: (value) => value },
  timepicker: { type: "time", property: "selected_time", read: (text) => text, show: (value) => value },
  datetimepicker: {
    type: "datetime-local",
    property: "selected_date_time",
    read: (text, zone) => Math.floor(momentOf(text, zone) / 1000),
    show: (seconds, zone) => wallTime(seconds * 1000, zone),
  },
};

function dateInput(element, block, surface, label) {
  const kind = DATES[element.type];
  const node = h("input", { ...inputAttributes(element, block, label), type: kind.type });
  const zone = surface.names.zone();
  const held = surface.valueOf(block, element)[kind.property];
  if (held !== null) node.value = kind.show(held, zone);
  node.addEventListener("change", () => {
    entered(node, element, block, surface, { [kind.property]: node.value ? kind.read(node.value, zone) : null });
  });
  return node;
}
