// Keeps the focus: where the control that has it goes away, what stands in its place gets it, or the place around it.

const FOCUSABLE = "a[href], button, input, textarea, select, summary, [tabindex]";

/** Whether a person could have the focus there now. */
const holds = (node) => node.isConnected && isSeen(node) && !node.disabled && node.matches(FOCUSABLE);

export const isSeen = (node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest("[inert]");

/** A place that takes the focus when its control is gone: a card, a dialog, a list. */
const LANDING = '[tabindex="-1"]';

const keysOf = (node) => ["control", "testid"].filter((name) => node.dataset?.[name]).map((name) => `[data-${name}="${CSS.escape(node.dataset[name])}"]`);

/** Where a control stands, to be found again after it is gone: itself and all around it, from the inside out. */
export function placeOf(node) {
  const around = [];
  for (let each = node; each && each !== document.body; each = each.parentElement) around.push({ node: each, keys: keysOf(each) });
  return around;
}

/** Focuses the control of that place, or what was drawn in its stead, or the nearest around it; else what `fallback` answers. */
export function returnTo(place, fallback) {
  const target = successor(place) ?? fallback();
  target?.focus({ preventScroll: true });
}

function successor(place) {
  const standing = place.findIndex(({ node }) => node.isConnected && isSeen(node));
  if (standing < 0) return null;
  return drawnAnew(place[standing].node, place.slice(0, standing + 1)) ?? place.slice(standing).map(({ node }) => node).find(holds) ?? null;
}

/** The same control in what still stands, looked for from the outside in: another card's button is not the same. */
function drawnAnew(standing, place) {
  let scope = standing;
  for (const { node, keys } of place.slice(1, -1).reverse()) {
    const again = keys.map((key) => scope.querySelector(key)).find(Boolean);
    if (!again && node.matches(LANDING)) return null;
    scope = again ?? scope;
  }
  const same = place[0].keys.map((key) => [...scope.querySelectorAll(key)].find(holds)).find(Boolean);
  return same ?? null;
}

/** Watches the document; `fallback` answers what gets the focus where nothing is left of the place it was in. */
export function keepFocus(fallback) {
  let place = null;
  document.addEventListener("focusin", (event) => {
    place = placeOf(event.target);
  });
  document.addEventListener("focusout", (event) => {
    if (event.relatedTarget) return;
    // Whoever clicks beside everything leaves the control, which is still there; one that goes away is not.
    queueMicrotask(() => {
      if (document.activeElement === document.body && place && holds(place[0].node)) place = null;
    });
  });
  const look = () => {
    const active = document.activeElement;
    if (!place || (active && active !== document.body && holds(active))) return;
    if (active === document.body && holds(place[0].node)) return;
    returnTo(place, fallback);
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "disabled", "inert", "class"] });
}
