// The left rail: who the visitor is, and the channels that person sees.

import { avatar } from "./avatar.js";
import { cityOf } from "./clocks.js";
import { h, patchList, takeOver } from "./dom.js";
import { icon } from "./icons.js";

export class Rail {
  /** `be(personId)` switches the person, `go(channelId)` the channel. */
  constructor({ place, be, go }) {
    Object.assign(this, { be, go });
    this.people = h("div", { class: "people", role: "group", "aria-labelledby": "rail-people" });
    this.channels = h("div", { class: "channels", role: "group", "aria-labelledby": "rail-channels" });
    place.append(
      h("h2", { id: "rail-people" }, h("span", {}, "You are")), this.people,
      h("h2", { id: "rail-channels" }, h("span", {}, "Channels")), this.channels,
      h("p", { class: "rail-note" }, "Two browser tabs can be two people."));
  }

  show(people, person, channels, channel) {
    patchList(this.people, people.map((each) => ({ ...each, active: each.id === person })), { key: (each) => each.id, render: (each) => this.person(each), update: (node, each) => takeOver(node, this.person(each)) });
    patchList(this.channels, channels.map((each) => ({ ...each, active: each.id === channel })), { key: (each) => each.id, render: (each) => this.channel(each), update: (node, each) => takeOver(node, this.channel(each)) });
  }

  person(each) {
    const roles = [each.role_note, ...(each.groups ?? []).map((handle) => `@${handle}`)].filter(Boolean).join(", ");
    return h("button", {
      type: "button", class: "person", "aria-pressed": String(each.active), title: `${each.name} – ${roles}, on the clocks of ${each.tz}`,
      "data-testid": `person-${each.id}`, onclick: () => this.be(each.id),
    }, avatar(each, "small"), h("span", { class: "person-text" }, h("strong", {}, each.name), h("small", {}, [roles, cityOf(each.tz)].filter(Boolean).join(" · "))), each.waiting && h("span", { class: "dot", title: "A modal is open" }));
  }

  channel(each) {
    return h("button", {
      type: "button", class: `channel-link${each.unread ? " unread" : ""}`, "aria-current": each.active ? "page" : null, title: each.title,
      "data-testid": `channel-${each.id}`, onclick: () => this.go(each.id),
    }, each.is_dm ? avatar({ id: "U0BOT", name: each.title, isBot: true }, "tiny") : icon("hash"), h("span", {}, each.title), each.unread && h("span", { class: "dot", title: "New messages" }));
  }
}
