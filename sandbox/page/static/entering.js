// What every interactive element does with a value: hold it, and tell the app where it asked to be told.

/** The attributes every input shares: its place (for focus), its label and its hint. */
export function inputAttributes(element, block, label) {
  return {
    id: label.id,
    "data-control": `${block.block_id}/${element.action_id}`,
    "data-testid": `action-${element.action_id}`,
    "aria-describedby": label.describedby,
    "aria-labelledby": label.labelledby,
    "aria-label": label.id ? null : (element.placeholder?.text ?? element.action_id),
  };
}

/** Stores what the person entered and, where the app asked for it, tells the app. */
export function entered(node, element, block, surface, value, dispatch = block.type !== "input" || block.dispatch_action) {
  surface.setValue(block, element, value);
  node.dispatchEvent(new CustomEvent("edited", { bubbles: true }));
  if (dispatch) tell(node, element, block, surface, value);
}

/** Sends the press; a failure is said by whatever the element stands in. */
export async function tell(node, element, block, surface, value) {
  const parent = node.parentElement;
  if (!(await surface.agreed(element))) return;
  node.setAttribute("aria-busy", "true");
  const reply = await surface.press(block, element, value);
  node.removeAttribute("aria-busy");
  if (reply.ok) return;
  const failed = new CustomEvent("press-failed", { bubbles: true, detail: reply.error });
  (node.isConnected ? node : parent)?.dispatchEvent(failed);
}
