// A part of a panel that folds away.

import { h } from "./dom.js";
import { icon } from "./icons.js";

export function group(title, place, { open = true, note, hook } = {}) {
  const count = h("span", { class: "count" });
  const summary = h("summary", {}, icon("caret"), h("h3", {}, title), count);
  return { count, node: h("details", { class: "group", open, "data-testid": hook }, summary, note && h("p", { class: "note" }, note), place) };
}
