// Avatars from initials and colours, and the bot's own.

import { h, svg } from "./dom.js";

const HUES = 6;

function hue(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 997;
  return sum % HUES;
}

const botFace = () =>
  svg("0 0 20 20", [
    ["path", { d: "M4 8.500 14.500 4v12L4 11.500z", fill: "currentColor" }],
    ["path", { d: "M6 12.500 7.200 16.200h2.300L8.300 13", fill: "currentColor" }],
    ["path", { d: "M16.500 8.200v3.600", stroke: "currentColor", "stroke-width": 1.800, "stroke-linecap": "round" }],
  ]);

export function avatar({ id, name, isBot }, size = "") {
  const kind = isBot ? "avatar-bot" : `avatar-${FIXED[id] ?? hue(id)}`;
  const face = isBot ? botFace() : (name[0] ?? "?").toUpperCase();
  return h("span", { class: `avatar ${kind} ${size}`, "aria-hidden": "true" }, face);
}

/** The five people of the sandbox are told apart at a glance. */
const FIXED = { U0ANA: 0, U0BEN: 1, U0CLEO: 2, U0DAN: 3, U0OTTO: 4 };
