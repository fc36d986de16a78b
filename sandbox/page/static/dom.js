// Builds and patches the page's elements. Text only ever enters as text nodes, never as HTML.

const SVG = "http://www.w3.org/2000/svg";
const remembered = new WeakMap();

/** An element with properties and children; `on…` are listeners, a null or false property is left out. */
export function h(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function svg(viewBox, shapes, properties = {}) {
  const node = document.createElementNS(SVG, "svg");
  const all = { viewBox, "aria-hidden": "true", focusable: "false", ...properties };
  for (const [name, value] of Object.entries(all)) node.setAttribute(name, value);
  for (const [tag, attributes] of shapes) {
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    node.append(shape);
  }
  return node;
}

let counter = 0;
export function uniqueId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

export function debounce(action, milliseconds) {
  let timer = 0;
  const later = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), milliseconds);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/**
 * Makes the children of `parent` show `items` in order, touching only what changed.
 * `update(node, item, before)` may change a node in place and answer true; else the node is built anew
 * and focus and caret are put back where they were.
 */
export function patchList(parent, items, { key, render, update = () => false, signature = JSON.stringify }) {
  const old = new Map();
  for (const node of parent.children) {
    const known = remembered.get(node);
    if (known) old.set(known.key, node);
  }
  const wanted = items.map((item, index) => ({ item, key: String(key(item, index)), signature: signature(item) }));
  const kept = new Set(wanted.map((entry) => entry.key));
  for (const [name, node] of old) {
    if (!kept.has(name)) node.remove();
  }
  let cursor = parent.firstElementChild;
  for (const entry of wanted) {
    const existing = old.get(entry.key);
    const node = existing ? refreshed(existing, entry, render, update) : render(entry.item);
    remembered.set(node, entry);
    if (existing === cursor && existing !== undefined) {
      cursor = cursor?.nextElementSibling ?? null;
      if (node !== existing) replaceKeepingFocus(existing, node);
    } else {
      if (existing && existing !== node) existing.remove();
      if (existing === node) move(parent, node, cursor);
      else parent.insertBefore(node, cursor);
    }
  }
}

/** A browser that can moves a node with the focus in it. */
function move(parent, node, before) {
  if (parent.moveBefore) parent.moveBefore(node, before);
  else parent.insertBefore(node, before);
}

function refreshed(existing, entry, render, update) {
  const before = remembered.get(existing);
  if (before.signature === entry.signature) return existing;
  if (update(existing, entry.item, before.item)) return existing;
  return render(entry.item);
}

/** Swaps a node; if the person was in it, they stay at the same control and the same caret. */
function replaceKeepingFocus(before, after) {
  keepingFocus(before, after, () => before.replaceWith(after));
}

/** Gives a node the attributes and the content of a fresh one; its own listeners stay. Answers true, for `update`. */
export function takeOver(node, fresh) {
  for (const { name } of [...node.attributes]) {
    if (!fresh.hasAttribute(name)) node.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) node.setAttribute(name, value);
  keepingFocus(node, node, () => node.replaceChildren(...fresh.childNodes));
  return true;
}

function keepingFocus(before, after, change) {
  const active = document.activeElement;
  const inside = active && active !== after && before.contains(active) ? active : null;
  const place = inside?.dataset.control ?? inside?.dataset.testid;
  const caret = inside && "selectionStart" in inside ? [inside.selectionStart, inside.selectionEnd] : null;
  change();
  if (!place) return;
  const selector = `[data-control="${CSS.escape(place)}"], [data-testid="${CSS.escape(place)}"]`;
  const again = after.matches(selector) ? after : after.querySelector(selector);
  again?.focus({ preventScroll: true });
  if (again && caret && caret[0] !== null && "setSelectionRange" in again) {
    try {
      again.setSelectionRange(...caret);
    } catch {
      // number inputs have no caret that may be set
    }
  }
}
