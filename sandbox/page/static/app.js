// The sandbox's page: fetches the state for one person, and shows it in the rail, the channel, the thread and the panels.

import { get } from "./api.js";
import { BotPanel } from "./botpanel.js";
import { Composer } from "./composer.js";
import { h, patchList } from "./dom.js";
import { isSeen, keepFocus } from "./focus.js";
import { Frame } from "./frame.js";
import { GuardRailsPanel } from "./guardrails.js";
import { Guide } from "./guide.js";
import { Home } from "./home.js";
import { icon } from "./icons.js";
import { Messages, timeline } from "./messages.js";
import { Modal } from "./modal.js";
import { Names } from "./names.js";
import { PlatformPanel } from "./platform.js";
import { Rail } from "./rail.js";
import { SlackPanel } from "./slackpanel.js";
import { Unread } from "./unread.js";

const FIRST_PERSON = "U0ANA";
const FIRST_CHANNEL = "C0LAUNCH";
const PAUSE_WHEN_AWAY = 1000;
const LEAST_PAUSE = 60;
const LOOK_AT_RUNS_EVERY = 500;

/** Narrower than this a thread covers its channel, as style.css says. */
const WIDE = matchMedia("(min-width: 1181px)");

const $ = (id) => document.getElementById(id);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

class Page {
  constructor() {
    this.person = location.hash.slice(1) || FIRST_PERSON;
    this.channel = FIRST_CHANNEL;
    this.thread = null;
    this.threadOpenedByItself = false;
    this.state = null;
    this.turn = 0;
    this.shownTurn = 0;
    this.names = new Names();
    this.dismissed = new Set();
    this.local = [];
    this.unread = new Unread();
    this.build();
  }

  build() {
    const refresh = () => this.refresh();
    const person = () => this.person;
    const shared = { names: this.names, person, dismiss: (id) => this.dismiss(id), openThread: (ts) => this.openThread(ts) };
    this.rail = new Rail({ place: $("rail"), be: (id) => this.be(id), go: (id) => this.go(id) });
    this.messages = new Messages({ ...shared, list: $("messages") });
    this.replies = new Messages({ ...shared, list: $("thread-messages") });
    this.modal = new Modal({ place: $("modal-place"), behind: $("stage-inside"), names: this.names, person, refresh, otherwise: () => this.whereToGo() });
    const said = (text) => this.say(text);
    const here = () => ({ person: this.person, channel: this.channel, prompt: `Message ${this.title(this.channel)}, or type /` });
    this.composer = new Composer({ where: here, said, refresh });
    $("composer-place").append(this.composer.node);
    this.replyComposer = new Composer({ where: () => ({ ...here(), thread: this.thread, prompt: "Reply…" }), said, refresh, hook: "thread-composer" });
    $("reply-place").append(this.replyComposer.node);
    this.home = new Home({ place: $("home"), names: this.names, person, refresh });
    this.platform = new PlatformPanel({ names: this.names, refresh });
    this.slack = new SlackPanel({ channel: () => this.channel, refresh });
    this.guardRails = new GuardRailsPanel({ refresh });
    this.bot = new BotPanel({ refresh });
    this.guide = new Guide({ fill: (text) => this.fill(text), be: (id) => this.beOnStage(id), tab: (name) => this.frame.tabs.open(name, true), dismiss: () => this.showGuide(false) });
    this.frame = new Frame({
      topbar: $("topbar"), layout: $("layout"), inspector: $("inspector"), showGuide: () => this.showGuide(true),
      panels: [
        { name: "guide", title: "Guide", node: this.guide.node },
        { name: "rails", title: "Guard rails", node: this.guardRails.node },
        { name: "platform", title: "Platform", node: this.platform.node },
        { name: "slack", title: "Slack", node: this.slack.node },
        { name: "bot", title: "Bot", node: this.bot.node },
      ],
    });
    if (this.guide.isHidden) this.frame.tabs.setShown("guide", false);
    $("skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.toMessageLine();
    });
    keepFocus(() => this.whereToGo());
  }

  async refresh() {
    const turn = (this.turn += 1);
    const person = this.person;
    const state = await this.fetchState(person);
    // A newer question overtakes an older answer, and an answer for another person is nobody's.
    if (!state || turn < this.shownTurn || person !== this.person) return;
    this.shownTurn = turn;
    this.state = state;
    this.show();
  }

  async fetchState(person) {
    try {
      const state = await get(`/api/state?as=${encodeURIComponent(person)}`);
      this.frame.setAway(false);
      return state;
    } catch (error) {
      if (error.status === 404 && person !== FIRST_PERSON) {
        this.be(FIRST_PERSON);
        return null;
      }
      this.frame.setAway(true);
      await pause(PAUSE_WHEN_AWAY);
      return null;
    }
  }

  /** A run's progress is a matter of time, which no change announces. */
  watchRuns() {
    setInterval(() => {
      const isLive = this.state?.platform.runs.some((run) => run.state === "running");
      if (isLive && !document.hidden) this.refresh();
    }, LOOK_AT_RUNS_EVERY);
  }

  async follow() {
    for (;;) {
      await untilVisible();
      if (!this.state) {
        await this.refresh();
        continue;
      }
      const { revision, bot } = this.state;
      try {
        const now = await get(`/api/changes?after=${revision}&bot=${encodeURIComponent(bot.mark)}`);
        if (now.revision !== revision || now.bot !== bot.mark) await this.refresh();
        await pause(LEAST_PAUSE);
      } catch {
        await pause(PAUSE_WHEN_AWAY);
        await this.refresh();
      }
    }
  }

  show() {
    const { slack, platform, policy, bot } = this.state;
    this.names.learn(slack, this.person);
    if (!slack.channels.some((each) => each.id === this.channel)) this.channel = FIRST_CHANNEL;
    this.unread.note(slack, this.person, this.channel);
    const people = this.names.people().map((each) => ({ ...each, groups: this.names.groupsWith(each.id) }));
    this.rail.show(people, this.person, this.unread.rows(slack, this.person), this.channel);
    this.showChannel();
    this.composer.update(slack.commands ?? []);
    this.composer.offer(slack.shortcuts ?? []);
    this.replyComposer.update([]);
    this.modal.show(slack.views);
    this.platform.show(platform);
    this.guardRails.show(policy);
    this.slack.show(slack.users.find((each) => each.id === this.person));
    this.bot.show(bot);
    this.guide.show(this.state);
    this.frame.showBot(bot.status);
    this.frame.showNext(this.guide.next);
    document.title = `${this.names.user(this.person) ?? this.person} in ${this.title(this.channel)} – campaign-bot sandbox`;
  }

  showChannel() {
    const mine = this.messagesHere();
    const answers = this.answersHere();
    this.openFirstThread(mine);
    // The thread first: beside it the channel is narrower, and only then is known where its end is.
    this.showThread(mine, answers);
    const channel = this.state.slack.channels.find((each) => each.id === this.channel);
    const note = channel?.bot_is_member === false ? "The bot is not in this channel" : "";
    // Likewise the Home tab, which hides the channel while it is open.
    this.home.show(channel?.is_dm ? this.state.slack.home : null, channel?.is_dm);
    this.messages.show(this.channel, timeline(mine, answers), `${this.person}/${this.channel}`);
    const switcher = channel?.is_dm ? this.home.switcher(() => this.showChannel()) : null;
    patchList($("channel-head"), [{ title: this.title(this.channel), note, tab: switcher && this.home.isOpen }], { key: () => this.channel, render: (head) => h("div", { class: "head-line" }, h("h2", { id: "channel-name" }, head.title), switcher ?? h("p", {}, head.note)) });
  }

  showThread(messages, answers) {
    const isOpen = this.thread !== null && messages.some((each) => each.ts === this.thread);
    $("thread").hidden = !isOpen;
    $("stage").classList.toggle("has-thread", isOpen);
    if (!isOpen) return;
    if (!$("thread-head").childElementCount) {
      $("thread-head").append(h("h2", {}, "Thread"), h("p", {}), h("button", { type: "button", class: "ghost", "aria-label": "Close the thread", "data-testid": "thread-close", onclick: () => this.openThread(null) }, icon("close")));
    }
    $("thread-head").querySelector("p").textContent = this.title(this.channel);
    this.replies.show(this.channel, timeline(messages, answers, this.thread), `${this.person}/${this.channel}/${this.thread}`);
  }

  /** The first card with replies shows them by itself, once; after that the visitor decides. */
  openFirstThread(messages) {
    if (this.threadOpenedByItself || this.thread || !WIDE.matches) return;
    const first = messages.find((each) => each.reply_count > 0 && (!each.thread_ts || each.thread_ts === each.ts));
    if (!first) return;
    this.threadOpenedByItself = true;
    this.thread = first.ts;
  }

  messagesHere() {
    return this.state.slack.messages[this.channel] ?? [];
  }

  answersHere() {
    const mine = (each) => each.channel === this.channel && each.user === this.person && !this.dismissed.has(each.id);
    return [...(this.state.slack.ephemerals ?? []), ...this.local].filter(mine);
  }

  title(channelId) {
    const channel = this.state?.slack.channels.find((each) => each.id === channelId);
    if (!channel) return "the channel";
    return channel.is_dm ? "campaign-bot" : `#${channel.name}`;
  }

  be(person) {
    if (person === this.person) return;
    const inDm = this.state?.slack.channels.find((each) => each.id === this.channel)?.is_dm;
    this.person = person;
    history.replaceState(null, "", `#${person}`);
    if (inDm) this.channel = FIRST_CHANNEL;
    this.refresh();
  }

  go(channel) {
    this.channel = channel;
    this.home.leave();
    this.thread = null;
    this.show();
  }

  openThread(ts) {
    const closed = this.thread;
    this.thread = ts;
    this.threadOpenedByItself = true;
    this.showChannel();
    if (ts === null) document.querySelector(`[data-testid="replies-${closed}"]`)?.focus({ preventScroll: true });
  }

  /** Slack's own sentence to this person alone, in the channel where they are. */
  say(text) {
    const ts = String(Date.now() / 1000);
    this.local.push({ id: `local-${this.local.length}`, channel: this.channel, user: this.person, text: escaped(text), blocks: [], ts, local: true });
    this.showChannel();
  }

  dismiss(id) {
    this.dismissed.add(id);
    this.showChannel();
  }

  /** Where somebody types here and now: the dialog, the Home tab, or the line of the channel or of the thread that covers it. */
  whereToGo() {
    if (this.modal.open) return this.modal.open.dialog;
    return [this.composer.input, this.replyComposer.input, $("home"), this.frame.panelButton].find(isSeen);
  }

  toMessageLine() {
    this.frame.uncoverStage();
    this.whereToGo().focus();
  }

  fill(text) {
    this.frame.uncoverStage();
    if (!isSeen(this.composer.input)) this.go(FIRST_CHANNEL);
    this.composer.fill(text);
  }

  beOnStage(person) {
    this.frame.uncoverStage();
    this.be(person);
  }

  /** Whoever hides the guide goes on at the tab that takes its place. */
  showGuide(shown) {
    this.guide.isHidden = !shown;
    this.frame.tabs.setShown("guide", shown);
    this.frame.showNext(this.guide.next);
    this.frame.open(shown ? "guide" : this.frame.tabs.current);
  }
}

const escaped = (text) => String(text ?? "").replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** A tab in the background waits, so that many tabs do not use up the browser's connections. */
function untilVisible() {
  if (!document.hidden) return null;
  return new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
}

const page = new Page();
addEventListener("hashchange", () => page.be(location.hash.slice(1) || FIRST_PERSON));
page.follow();
page.watchRuns();
