// A channel's messages, its ephemeral answers, and a thread: all from the same rows, patched by their timestamp.

import { avatar } from "./avatar.js";
import { renderBlock } from "./blocks.js";
import { confirm } from "./confirm.js";
import { h, patchList, takeOver } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";
import { Surface } from "./surface.js";

const GROUPED_WITHIN = 300;
const NEAR_THE_END = 120;

const seconds = (message) => Number.parseFloat(message.ts);
const byTime = (one, other) => seconds(one) - seconds(other);

/** What a channel shows: its own messages, then the thread's replies only in the thread. */
export function timeline(messages, ephemerals, thread = null) {
  const here = (each) => (thread ? each.thread_ts === thread || each.ts === thread : !each.thread_ts || each.thread_ts === each.ts);
  const answers = ephemerals.filter((each) => (thread ? each.thread_ts === thread : !each.thread_ts)).map((each) => ({ ...each, ephemeral: true }));
  const rows = [...messages.filter(here), ...answers].sort(byTime);
  return rows.map((row, index) => ({ ...row, follows: follows(row, rows[index - 1]), inThread: thread !== null }));
}

function follows(row, before) {
  if (!before || row.ephemeral || before.ephemeral || before.reply_count) return false;
  return row.user === before.user && row.username === before.username && seconds(row) - seconds(before) < GROUPED_WITHIN;
}

export class Messages {
  /** `dismissed(id)` hides an ephemeral answer; `openThread(ts)` shows the replies. */
  constructor({ list, names, person, openThread, dismiss }) {
    Object.assign(this, { list, names, person, openThread, dismiss, surfaces: new Map(), showing: null });
  }

  show(channel, rows, showing) {
    const scroller = this.list.parentElement;
    const moved = this.showing !== showing;
    const before = moved ? null : new Set([...this.list.children].map((each) => each.dataset.ts));
    const atEnd = moved || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
    if (moved) this.list.replaceChildren();
    this.showing = showing;
    patchList(this.list, rows, { key: (row) => row.id ?? row.ts, render: (row) => this.row(channel, row), update: (node, row) => takeOver(node, this.row(channel, row)) });
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
    this.showAnswer(before && rows.findLast((row) => !before.has(row.ts) && (row.ephemeral || row.user === this.person())));
  }

  /** What a person has just said, or is told, is seen from its first line on, wherever they were reading. */
  showAnswer(row) {
    const node = row && [...this.list.children].find((each) => each.dataset.ts === row.ts);
    if (!node) return;
    const scroller = this.list.parentElement;
    const [its, frame] = [node.getBoundingClientRect(), scroller.getBoundingClientRect()];
    if (its.top >= frame.top && its.bottom <= frame.bottom) return;
    scroller.scrollTop += its.height > frame.height ? its.top - frame.top : its.bottom - frame.bottom;
  }

  surfaceOf(channel, row) {
    const key = `${this.person()}/${row.id ?? row.ts}`;
    if (!this.surfaces.has(key)) {
      const container = row.ephemeral ? { type: "ephemeral", id: row.id } : { type: "message", channel, ts: row.ts };
      this.surfaces.set(key, new Surface({ container, names: this.names, person: this.person, confirm, blocks: () => this.surfaces.get(key).current }));
    }
    const surface = this.surfaces.get(key);
    surface.current = numbered(row.blocks);
    return surface;
  }

  row(channel, row) {
    const surface = this.surfaceOf(channel, row);
    const author = this.names.author(row);
    const zone = this.names.zone();
    const prefix = row.inThread ? "thread-message" : "message";
    const node = h("article", {
      class: `message${row.follows ? " follows" : ""}${row.ephemeral ? " ephemeral" : ""}`,
      "data-testid": row.ephemeral ? "ephemeral" : `${prefix}-${row.ts}`,
      "data-ts": row.ts, tabindex: "-1", "aria-label": `${author.name}, ${clock(row, zone)}`,
    },
      row.ephemeral && onlyYou(),
      h("div", { class: "gutter" }, row.follows ? timeOf(row, "small-time", zone) : avatar(author)),
      h("div", { class: "message-main" },
        !row.follows && h("div", { class: "byline" }, h("strong", {}, author.name), author.isBot && h("span", { class: "badge" }, "APP"), timeOf(row, "time", zone)),
        h("div", { class: "message-body" }, this.body(row, surface)),
        h("p", { class: "press-failed", role: "alert" }),
        !row.inThread && row.reply_count ? this.replies(row) : null,
        row.ephemeral && h("button", { type: "button", class: "linklike", onclick: () => this.dismiss(row.id) }, "Dismiss message")));
    node.addEventListener("press-failed", (event) => node.querySelector(".press-failed").replaceChildren(icon("alert"), event.detail));
    return node;
  }

  body(row, surface) {
    const parts = surface.current.map((block) => renderBlock(block, surface));
    if (!parts.length) parts.push(h("div", { class: "text" }, mrkdwn(row.text, this.names)));
    for (const file of row.files ?? []) parts.push(attached(file));
    if (row.edited) parts.push(h("span", { class: "edited" }, "(edited)"));
    return parts;
  }

  replies(row) {
    const words = row.reply_count === 1 ? "1 reply" : `${row.reply_count} replies`;
    return h("button", { type: "button", class: "replies", "data-testid": `replies-${row.ts}`, onclick: () => this.openThread(row.ts) },
      avatar(this.names.author(row), "tiny"), h("span", { class: "reply-count" }, words), h("span", { class: "reply-open" }, "View thread"));
  }
}

const numbered = (blocks) => (blocks ?? []).map((block, index) => (block.block_id ? block : { ...block, block_id: `block-${index}` }));

function attached(file) {
  const link = { href: `/api/files/${file.id}`, download: file.name };
  if (!file.is_picture) return h("a", { class: "file-chip", ...link }, icon("file"), file.name);
  return h("a", { class: "file-picture", ...link }, h("img", { src: `/api/pictures/${file.id}`, alt: file.title, "data-testid": `picture-${file.id}` }), h("small", {}, file.title));
}

const onlyYou = () => h("p", { class: "only-you" }, icon("eye"), "Only visible to you");

const clock = (row, timeZone) => new Date(seconds(row) * 1000).toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit", timeZone });

function timeOf(row, kind, timeZone) {
  const at = new Date(seconds(row) * 1000);
  return h("time", { class: kind, datetime: at.toISOString(), title: at.toLocaleString(undefined, { timeZone }) }, clock(row, timeZone));
}
