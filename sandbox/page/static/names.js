// Who and what ids stand for, from the latest state.

const BOT = "U0BOT";

export class Names {
  constructor() {
    this.slack = { users: [], channels: [] };
    this.person = null;
  }

  /** `person` is whose screen it is. */
  learn(slack, person) {
    this.slack = slack;
    this.person = person;
  }

  /** The time zone of whose screen it is. */
  zone() {
    return this.slack.users.find((each) => each.id === this.person)?.tz;
  }

  /** The language of whose screen it is. */
  locale() {
    return this.slack.users.find((each) => each.id === this.person)?.locale;
  }

  user(id) {
    return id === BOT ? "campaign-bot" : this.slack.users.find((each) => each.id === id)?.name;
  }

  channel(id) {
    return this.slack.channels.find((each) => each.id === id)?.name;
  }

  group(id) {
    return this.groupOf(id)?.handle;
  }

  /** Who is in a group, as Slack shows it to whoever points at its name. */
  members(id) {
    return this.groupOf(id)?.members.map((each) => this.user(each) ?? each).join(", ");
  }

  /** The groups that a person is in, by their handles. */
  groupsWith(person) {
    return (this.slack.user_groups ?? []).filter((each) => each.members.includes(person)).map((each) => each.handle);
  }

  groupOf(id) {
    return this.slack.user_groups?.find((each) => each.id === id);
  }

  users() {
    return this.people();
  }

  channels() {
    return this.slack.channels.filter((each) => !each.is_dm);
  }

  /** The humans, without the bot. */
  people() {
    return this.slack.users.filter((each) => each.id !== BOT && !each.is_bot);
  }

  author(message) {
    if (message.local) return { id: "USLACKBOT", name: "Slackbot", isBot: false };
    const person = this.people().find((each) => each.id === message.user);
    if (person && !message.ephemeral) return { id: person.id, name: person.name, isBot: false };
    return { id: BOT, name: (message.ephemeral ? null : message.username) ?? "campaign-bot", isBot: true };
  }
}
