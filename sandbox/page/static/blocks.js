// Block Kit blocks as elements, for messages and modals alike.

import { h } from "./dom.js";
import { control, isControl } from "./controls.js";
import { emoji } from "./emoji.js";
import { inputBlock } from "./fields.js";
import { icon } from "./icons.js";
import { group, link, mrkdwn, plain, textObject } from "./mrkdwn.js";

/** `surface` says where the block stands: its names, its state, and what a press does. See surface.js. */
export function renderBlock(block, surface) {
  const render = RENDERERS[block.type];
  const body = render ? render(block, surface) : notDrawn(`a “${block.type}” block`);
  body.classList.add("block", `block-${block.type}`);
  return body;
}

const notDrawn = (what) => h("p", { class: "not-drawn" }, `The sandbox does not draw ${what}.`);

function section(block, surface) {
  const kind = block.text?.type === "plain_text" ? "text text-plain" : "text";
  const text = block.text && h("div", { class: kind }, textObject(block.text, surface.names));
  const fields = block.fields && h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "text" }, textObject(field, surface.names))));
  const accessory = block.accessory && h("div", { class: "accessory" }, element(block.accessory, block, surface));
  return h("div", {}, h("div", { class: "section-text" }, text, fields), accessory);
}

const actions = (block, surface) => h("div", {}, block.elements.map((each) => element(each, block, surface)));

const context = (block, surface) =>
  h("div", {}, block.elements.map((each) => (each.type === "image" ? picture(each) : h("span", { class: "text" }, textObject(each, surface.names)))));

const header = (block) => h("h3", {}, plain(block.text.text, block.text.emoji !== false));

const image = (block) => h("figure", {}, block.title && h("figcaption", {}, plain(block.title.text)), picture(block));

/** Pictures live on the network, and the sandbox loads nothing from there: it says what would be seen. */
const picture = (each) => h("span", { class: "picture", title: each.image_url ?? "" }, `▧ ${each.alt_text ?? "image"}`);

function element(each, block, surface) {
  if (each.type === "image") return picture(each);
  return isControl(each.type) ? control(each, block, surface) : notDrawn(`“${each.type}”`);
}

function alert(block, surface) {
  return h("div", { class: `alert-${block.level ?? "default"}`, role: "note" }, icon("alert"), h("div", { class: "text" }, textObject(block.text, surface.names)));
}

/** Only the part of Markdown that also exists as mrkdwn. */
function markdown(block, surface) {
  const text = String(block.text ?? "")
    .replace(/^#{1,6} +(.+)$/gm, "**$1**")
    .replace(/\*\*(.+?)\*\*/g, "*$1*")
    .replace(/^[-*] /gm, "• ")
    .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>");
  return h("div", { class: "text" }, mrkdwn(text, surface.names));
}

function table(block, surface) {
  const rows = block.rows.map((row, index) => {
    const cells = row.map((cell, column) => {
      const align = block.column_settings?.[column]?.align;
      // Where a table would be cut, each row is told line by line: see blocks.css.
      const heading = index ? String(cellText(block.rows[0][column], surface)) : null;
      return h(index ? "td" : "th", { class: align && `align-${align}`, "data-heading": heading }, cellText(cell, surface));
    });
    return h("tr", {}, cells);
  });
  return h("div", { class: "table-frame", tabindex: "0" }, h("table", {}, h("thead", {}, rows[0]), h("tbody", {}, rows.slice(1))));
}

function cellText(cell, surface) {
  if (cell.type === "rich_text") return cell.elements.map((each) => richElement(each, surface));
  return String(cell.text ?? cell.value ?? "");
}

const richText = (block, surface) => h("div", { class: "text" }, block.elements.map((each) => richElement(each, surface)));

function richElement(each, surface) {
  switch (each.type) {
    case "rich_text_section": return h("div", {}, each.elements.map((leaf) => richLeaf(leaf, surface)));
    case "rich_text_quote": return h("blockquote", {}, each.elements.map((leaf) => richLeaf(leaf, surface)));
    case "rich_text_preformatted": return h("pre", {}, each.elements.map((leaf) => leaf.text ?? leaf.url ?? ""));
    case "rich_text_list": return h(each.style === "ordered" ? "ol" : "ul", {}, each.elements.map((item) => h("li", {}, richElement(item, surface))));
    default: return richLeaf(each, surface);
  }
}

function richLeaf(leaf, surface) {
  switch (leaf.type) {
    case "text": return styled(leaf);
    case "link": return link(leaf.url, leaf.text) ?? leaf.text ?? leaf.url;
    case "emoji": return emoji(leaf.name) ?? `:${leaf.name}:`;
    case "user": return h("span", { class: "mention" }, `@${surface.names.user(leaf.user_id) ?? leaf.user_id}`);
    case "channel": return h("span", { class: "mention" }, `#${surface.names.channel(leaf.channel_id) ?? leaf.channel_id}`);
    case "usergroup": return group(leaf.usergroup_id, null, surface.names);
    case "broadcast": return h("span", { class: "mention mention-loud" }, `@${leaf.range}`);
    case "date": return mrkdwn(`<!date^${leaf.timestamp}^${leaf.format}|${leaf.fallback ?? ""}>`, surface.names);
    default: return "";
  }
}

function styled(leaf) {
  const tags = { bold: "strong", italic: "em", strike: "del", code: "code" };
  return Object.entries(tags).reduce((inner, [style, tag]) => (leaf.style?.[style] ? h(tag, {}, inner) : inner), leaf.text);
}

const RENDERERS = {
  section, actions, context, header, image, input: inputBlock, rich_text: richText, markdown, table, alert,
  divider: () => h("hr"),
};
