// Which channels have messages that a person has not seen here yet.

const lastOf = (messages) => Math.max(0, ...(messages ?? []).map((each) => Number.parseFloat(each.ts)));

export class Unread {
  constructor() {
    this.seen = new Map();
  }

  /** The open channel is seen, and so is whatever stood in a channel before the person came. */
  note({ channels, messages }, person, open) {
    for (const { id } of channels) {
      const key = `${person}/${id}`;
      if (id === open || !this.seen.has(key)) this.seen.set(key, lastOf(messages[id]));
    }
  }

  /** The channels as the rail shows them. */
  rows({ channels, messages }, person) {
    return channels.map((each) => ({ ...each, title: each.is_dm ? "campaign-bot" : each.name, unread: lastOf(messages[each.id]) > (this.seen.get(`${person}/${each.id}`) ?? 0) }));
  }
}
