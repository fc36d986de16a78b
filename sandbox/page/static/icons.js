// The page's own line icons, drawn here so that nothing is loaded from anywhere.

import { svg } from "./dom.js";

const PATHS = {
  hash: "M4 8.5h13M3.5 13h13M8.5 3.5 6.5 17.5M13.8 3.5l-2 14",
  close: "M5 5l10 10M15 5 5 15",
  eye: "M1.8 10s3-5.5 8.2-5.5 8.2 5.5 8.2 5.5-3 5.5-8.2 5.5S1.800 10 1.800 10zM10 12.300a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600z",
  send: "M3 10h8M3.200 3.500l14 6.500-14 6.500L4.800 10z",
  caret: "M5.500 8l4.500 4.500L14.500 8",
  check: "M4.500 10.500l3.700 3.700 7.300-8",
  alert: "M10 3.200 18 16.800H2zM10 8v4M10 14.300v.2",
  search: "M8.800 14.600a5.800 5.800 0 1 0 0-11.600 5.800 5.800 0 0 0 0 11.600zM13.200 13.200 17 17",
  file: "M5 2.800h6.200L15.500 7v10.200H5zM11 3v4.200h4.300",
  panel: "M3 4h14v12H3zM12.500 4v12",
  play: "M6.500 4.200v11.600L15.800 10z",
  bolt: "M11 2.500 4.500 11.500H10L9 17.500l6.500-9H10z",
  more: "M5 10h.1M10 10h.1M15 10h.1",
  back: "M11.500 4.500 6 10l5.500 5.500M6.500 10H16",
  book: "M4 4.200c2.500-.7 4.500-.4 6 .9 1.500-1.300 3.500-1.600 6-.9v11.300c-2.500-.7-4.500-.4-6 .9-1.500-1.300-3.500-1.600-6-.9zM10 5.200v11",
  message: "M3 4h14v9.500H9l-4 3.500v-3.500H3z",
};

export function icon(name) {
  const shape = { d: PATHS[name], fill: "none", stroke: "currentColor", "stroke-width": "1.6" };
  const round = { "stroke-linecap": "round", "stroke-linejoin": "round" };
  return svg("0 0 20 20", [["path", { ...shape, ...round }]], { class: "icon" });
}
