// Input blocks: a label, the control, a hint, and the place where an error stands.

import { control } from "./controls.js";
import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { plain } from "./mrkdwn.js";

const GROUPS = new Set(["radio_buttons", "checkboxes"]);

export function inputBlock(block, surface) {
  const id = uniqueId("input");
  const grouped = GROUPS.has(block.element.type);
  const wording = { id: grouped ? null : id, labelledby: grouped ? `${id}-label` : null, describedby: `${id}-error ${id}-hint` };
  const label = h("label", { class: "field-label", id: `${id}-label`, for: grouped ? null : id }, labelText(block));
  const node = h("div", { class: "field", "data-testid": `field-${block.block_id}` },
    label,
    control(block.element, block, surface, wording),
    h("p", { class: "field-error", id: `${id}-error`, role: "alert" }),
    h("p", { class: "field-hint", id: `${id}-hint` }, hintText(block)));
  node.addEventListener("edited", () => showError(node, null));
  showError(node, surface.errors.get(block.block_id) ?? null);
  return node;
}

function labelText(block) {
  const words = document.createDocumentFragment();
  words.append(plain(block.label.text, block.label.emoji !== false));
  if (block.optional) words.append(h("span", { class: "optional" }, " (optional)"));
  return words;
}

const hintText = (block) => (block.hint ? plain(block.hint.text, block.hint.emoji !== false) : "");

/** Changes label and hint where they stand when the control itself is the same, so that typing goes on undisturbed. */
export function updateInputBlock(node, block, before) {
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  if (block.type !== "input" || before.type !== "input" || !same(block.element, before.element)) return false;
  if (Boolean(block.dispatch_action) !== Boolean(before.dispatch_action) || Boolean(block.optional) !== Boolean(before.optional)) return false;
  node.querySelector(".field-label").replaceChildren(labelText(block));
  node.querySelector(".field-hint").replaceChildren(hintText(block));
  return true;
}

export function showError(node, text) {
  node.classList.toggle("has-error", Boolean(text));
  node.querySelector(".field-error").replaceChildren(...(text ? [icon("alert"), text] : []));
  for (const input of node.querySelectorAll("input, textarea")) input.setAttribute("aria-invalid", String(Boolean(text)));
}

/** What the Slack client itself refuses before it sends anything: `{block_id: sentence}`. */
export function missing(blocks, surface) {
  const errors = {};
  for (const block of blocks) {
    if (block.type !== "input") continue;
    const sentence = complaint(block, surface.valueOf(block, block.element));
    if (sentence) errors[block.block_id] = sentence;
  }
  return errors;
}

function complaint(block, value) {
  const { element } = block;
  const [held] = Object.values(value);
  if (held === null || held === "" || held?.length === 0) return block.optional ? null : "Please complete this required field.";
  if (element.type === "number_input") return numberComplaint(element, held);
  if (element.min_length && held.length < element.min_length) return `Please enter at least ${element.min_length} characters.`;
  return null;
}

function numberComplaint(element, text) {
  const number = Number(text);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value)) return `Please enter a number that is at least ${element.min_value}.`;
  if (element.max_value !== undefined && number > Number(element.max_value)) return `Please enter a number that is at most ${element.max_value}.`;
  return null;
}
