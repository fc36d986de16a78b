// Slack's emoji shortcodes: those a campaign bot says most are drawn, so they look the same without an emoji font.

import { h, svg } from "./dom.js";

const line = (d, stroke, width = 2) => [
  "path",
  { d, fill: "none", stroke, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" },
];
const fill = (d, colour) => ["path", { d, fill: colour }];
const disc = (colour, r = 8.5) => ["circle", { cx: 10, cy: 10, r, fill: colour }];

const GREEN = "#2ba672";
const RED = "#dd2e44";
const AMBER = "#f5b32f";
const BLUE = "#3b88c3";
const SLATE = "#66757f";
const PAPER = "#f5f8fa";

const tick = line("M5.500 10.400l3.200 3.200 6-7", "#fff", 2.200);
const clock = [disc(SLATE), disc(PAPER, 6.600), line("M10 6v4.200l2.600 1.600", "#31373d", 1.500)];
const octagon = fill("M6.600 1.800h6.800l4.800 4.800v6.800l-4.800 4.800H6.600l-4.800-4.800V6.600z", RED);
const glass = [
  fill("M5 2h10v2.600L11.200 10 15 15.400V18H5v-2.600L8.800 10 5 4.600z", "#ffe8b6"),
  fill("M6.700 5.500h6.600L10 9.700zM10 11.500l4 5H6z", AMBER),
  line("M4.500 2h11M4.500 18h11", "#c1694f", 1.900),
];
const horn = [
  fill("M3 8h3.500L15 3.500v13L6.500 12.500H3a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1z", RED),
  fill("M5 12.500h3l1 5H6.500z", SLATE),
  line("M17.300 8.200v3.600", AMBER, 1.800),
];

const DRAWN = {
  white_check_mark: [["rect", { x: 1.500, y: 1.500, width: 17, height: 17, rx: 4, fill: GREEN }], tick],
  heavy_check_mark: [line("M3.500 10.800l4.500 4.500 8.500-10", GREEN, 3)],
  x: [line("M4.200 4.200l11.600 11.600M15.800 4.200 4.200 15.800", RED, 3.200)],
  warning: [
    fill("M10 1.800c.6 0 1 .3 1.300.8l7.200 13.600c.6 1.100-.2 2.300-1.400 2.300H2.900c-1.200 0-2-1.200-1.400-2.300L8.700 2.600c.3-.5.7-.8 1.300-.8z", AMBER),
    line("M10 7.200v5M10 15.200v.1", "#231f20", 2),
  ],
  hourglass_flowing_sand: glass,
  hourglass: glass,
  rocket: [
    fill("M18 2c-5 0-8.800 2.400-11 6.600L11.400 13C15.600 10.800 18 7 18 2z", "#ccd6dd"),
    fill("M18 2c-1.600 0-3 .2-4.300.7l3.600 3.600C17.800 5 18 3.600 18 2z", RED),
    ["circle", { cx: 12.200, cy: 7.800, r: 1.800, fill: BLUE }],
    fill("M7.500 7.700 3.400 9.200l-1 3 4.200-.8zM12.300 12.500l-1.500 4.100-3 1 .8-4.200z", "#a0041e"),
    fill("M6.300 12.200c-2 .3-3.300 2.200-3.800 5.300 3.100-.5 5-1.800 5.300-3.800z", AMBER),
  ],
  no_entry: [disc(RED), ["rect", { x: 4.500, y: 8.300, width: 11, height: 3.400, rx: 1, fill: "#fff" }]],
  no_entry_sign: [["circle", { cx: 10, cy: 10, r: 7.300, fill: "none", stroke: RED, "stroke-width": 2.400 }], line("M5 5l10 10", RED, 2.400)],
  octagonal_sign: [octagon, line("M6.500 10h7", "#fff", 2.600)],
  question: [line("M6.300 6.500C6.600 4 8.100 3 10 3c2.200 0 3.800 1.300 3.800 3.200 0 2.900-3.700 3.100-3.700 6", RED, 2.800), line("M10.100 16.600v.1", RED, 3.200)],
  exclamation: [line("M10 3v8.500M10 16.500v.1", RED, 3.200)],
  eyes: [
    ["ellipse", { cx: 5.600, cy: 10, rx: 4.200, ry: 5.800, fill: PAPER, stroke: "#aab8c2" }],
    ["ellipse", { cx: 14.400, cy: 10, rx: 4.200, ry: 5.800, fill: PAPER, stroke: "#aab8c2" }],
    ["ellipse", { cx: 4.800, cy: 10.500, rx: 1.900, ry: 2.800, fill: "#292f33" }],
    ["ellipse", { cx: 13.600, cy: 10.500, rx: 1.900, ry: 2.800, fill: "#292f33" }],
  ],
  mega: horn,
  loudspeaker: horn,
  bell: [fill("M10 2c3.300 0 5.200 2.500 5.200 5.600 0 3.800 1 5 2.300 6.400h-15C3.800 12.600 4.800 11.400 4.800 7.600 4.800 4.500 6.700 2 10 2z", AMBER), fill("M7.800 15.500h4.400a2.200 2.200 0 0 1-4.400 0z", "#b97d0d")],
  lock: [line("M6.500 9V6.500a3.500 3.500 0 0 1 7 0V9", "#aab8c2", 2), ["rect", { x: 3.800, y: 8.500, width: 12.400, height: 9.500, rx: 2, fill: AMBER }]],
  information_source: [["rect", { x: 1.500, y: 1.500, width: 17, height: 17, rx: 4, fill: BLUE }], line("M10 9.500V14M10 6v.1", "#fff", 2.200)],
  double_vertical_bar: [["rect", { x: 1.500, y: 1.500, width: 17, height: 17, rx: 4, fill: BLUE }], line("M7.500 6.500v7M12.500 6.500v7", "#fff", 2.400)],
  arrows_counterclockwise: [["rect", { x: 1.500, y: 1.500, width: 17, height: 17, rx: 4, fill: BLUE }], line("M14 8.500a4.300 4.300 0 0 0-8-.5M6 11.500a4.300 4.300 0 0 0 8 .5M6 5.200V8h2.800M14 14.800V12h-2.800", "#fff", 1.600)],
  calendar: [["rect", { x: 2, y: 3, width: 16, height: 15, rx: 2, fill: PAPER, stroke: "#aab8c2" }], fill("M2 5a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v2.500H2z", RED), line("M6 11h.1M10 11h.1M14 11h.1M6 14.500h.1M10 14.500h.1", SLATE, 2)],
  clock3: clock,
  stopwatch: clock,
  alarm_clock: clock,
  memo: [fill("M3.500 2h10v16h-10z", "#e1e8ed"), line("M6 6h5M6 9h5M6 12h3", "#99aab5", 1.300), line("M16.500 7.500l-5.500 7-.8 2.200", AMBER, 2.200)],
  pencil2: [fill("M3 17l1.200-4.400L13.600 3.200l3.200 3.200-9.400 9.400z", AMBER), fill("M13.600 3.200l1.200-1.200a1.200 1.200 0 0 1 1.700 0l1.500 1.500a1.200 1.200 0 0 1 0 1.700l-1.200 1.200z", RED), fill("M3 17l.7-2.600 1.900 1.900z", "#292f33")],
  scales: [line("M10 2.500v14M5.500 17.500h9M3.500 5h13", SLATE, 1.700), line("M4 5l-2.500 6h5zM16 5l-2.500 6h5z", SLATE, 1), fill("M1 11h6a3 3 0 0 1-6 0zM13 11h6a3 3 0 0 1-6 0z", AMBER)],
  rotating_light: [fill("M5 15V9.500a5 5 0 0 1 10 0V15z", RED), ["rect", { x: 3, y: 15, width: 14, height: 3, rx: 1, fill: SLATE }], line("M10 1v1.500M2.500 4.500l1.300 1M17.500 4.500l-1.300 1", RED, 1.600), line("M8 10a2.200 2.200 0 0 1 2-2.200", "#fff", 1.500)],
  zzz: [line("M2 10.500h7L2 18h7", BLUE, 2.200), line("M10.500 6h4.500L10.500 11h4.500", BLUE, 1.700), line("M15.500 2h3l-3 3.500h3", BLUE, 1.300)],
  test_tube: [fill("M12.500 2.500l5 5L7.800 17.200a3.500 3.500 0 0 1-5-5z", "#bdddf4"), fill("M6.500 8.500h9.800l-8.500 8.700a3.500 3.500 0 0 1-5-5z", GREEN), line("M11.500 1.500l7 7", SLATE, 1.800)],
  mailbox: [line("M9.500 12v6.500", "#c1694f", 2.200), fill("M5 4h10a4 4 0 0 1 4 4v5H1V8a4 4 0 0 1 4-4z", BLUE), fill("M1 8a4 4 0 0 1 8 0v5H1z", "#88c9f9"), line("M13 8V3h2.500", RED, 1.700)],
  mag: [["circle", { cx: 8.500, cy: 8.500, r: 5, fill: "#bdddf4", stroke: SLATE, "stroke-width": 2 }], line("M12.500 12.500l4.500 4.500", SLATE, 2.600)],
  bar_chart: [["rect", { x: 1.500, y: 1.500, width: 17, height: 17, rx: 3, fill: PAPER, stroke: "#aab8c2" }], line("M6 15V9.500", GREEN, 2.800), line("M10 15V5.500", BLUE, 2.800), line("M14 15v-3", RED, 2.800)],
  speech_balloon: [fill("M4 2.500h12a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3H9.500L5 18.500v-4H4a3 3 0 0 1-3-3v-6a3 3 0 0 1 3-3z", "#bdddf4"), line("M6 8.500h.1M10 8.500h.1M14 8.500h.1", SLATE, 2)],
  page_facing_up: [fill("M4 1.500h8.500L16 5v13.500H4z", "#e1e8ed"), fill("M12.500 1.500 16 5h-3.500z", "#99aab5"), line("M6.500 8.500h7M6.500 11.500h7M6.500 14.500h4.500", "#99aab5", 1.300)],
  hatching_chick: [disc(AMBER, 6.500), line("M7.800 7.500v.1M12.200 7.500v.1", "#292f33", 1.800), fill("M8.800 9.500h2.400L10 11.200z", "#c1694f"), fill("M2.500 11l2.500 2 2.500-2 2.500 2 2.500-2 2.500 2 2.500-2a7.500 7.500 0 0 1-15 0z", "#e1e8ed")],
  checkered_flag: [line("M3.500 2v16.500", "#c1694f", 1.800), ["rect", { x: 4.500, y: 2.500, width: 13.500, height: 9, fill: PAPER, stroke: "#aab8c2" }], fill("M4.500 2.500H9V5.500H4.500zM13.500 2.500H18V5.500H13.500zM9 5.500h4.500v3H9zM4.500 8.500H9v3H4.500zM13.500 8.500H18v3H13.500z", "#31373d")],
  raised_hand: [fill("M6 9V4a1.200 1.200 0 0 1 2.400 0v4V2.500a1.200 1.200 0 0 1 2.400 0V8 3.500a1.200 1.200 0 0 1 2.400 0V9v-2.500a1.200 1.200 0 0 1 2.400 0V13a5.500 5.500 0 0 1-9.800 3.500L2.600 11.800a1.200 1.200 0 0 1 1.900-1.500z", AMBER)],
  electric_plug: [line("M7.500 2v4.500M12.500 2v4.500", "#99aab5", 2), fill("M4.500 6.500h11v3.500a5.500 5.500 0 0 1-11 0z", SLATE), line("M10 15.500v3", SLATE, 2)],
  microscope: [line("M5 18h11M12.500 15.500a4.500 4.500 0 0 0 0-8.500", SLATE, 2), line("M10.500 3 7 11.500", BLUE, 3.600), line("M5 14.500h5", SLATE, 1.800)],
  red_circle: [disc(RED)],
  large_yellow_circle: [disc(AMBER)],
  large_green_circle: [disc(GREEN)],
  large_blue_circle: [disc(BLUE)],
  white_circle: [["circle", { cx: 10, cy: 10, r: 7.800, fill: PAPER, stroke: "#aab8c2", "stroke-width": 1.400 }]],
};

const SAME = {
  stop_sign: "octagonal_sign", heavy_multiplication_x: "x", grey_question: "question", grey_exclamation: "exclamation",
  bangbang: "exclamation", clock1: "clock3", clock9: "clock3", timer_clock: "clock3", pause_button: "double_vertical_bar",
  pencil: "memo", hand: "raised_hand", date: "calendar", spiral_calendar_pad: "calendar", mag_right: "mag", large_orange_circle: "large_yellow_circle",
  closed_lock_with_key: "lock", repeat: "arrows_counterclockwise", red_exclamation_mark: "exclamation",
};

const UNICODE = {
  tada: "🎉", wave: "👋", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎",
  robot_face: "🤖", bulb: "💡", zap: "⚡", email: "📧", envelope: "✉️", busts_in_silhouette: "👥", bust_in_silhouette: "👤",
  paperclip: "📎", chart_with_upwards_trend: "📈", link: "🔗", wastebasket: "🗑️",
  leftwards_arrow_with_hook: "↩️", fast_forward: "⏩", arrow_forward: "▶️", black_square_for_stop: "⏹️", fire: "🔥",
  skull: "💀", ghost: "👻", shield: "🛡️", key: "🔑", gear: "⚙️", pray: "🙏", sparkles: "✨", boom: "💥",
};

/** The emoji of a shortcode, or null when it is none that the sandbox knows. */
export function emoji(name) {
  const drawn = DRAWN[SAME[name] ?? name];
  if (drawn) {
    const picture = svg("0 0 20 20", drawn, { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") });
    picture.removeAttribute("aria-hidden");
    return picture;
  }
  return UNICODE[name] ? h("span", { class: "emoji-text", title: `:${name}:` }, UNICODE[name]) : null;
}
