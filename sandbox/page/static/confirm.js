// Block Kit's confirm dialog: asks the person before a press is sent.

import { h, uniqueId } from "./dom.js";
import { plain, textObject } from "./mrkdwn.js";

/** Resolves to whether the person said yes; Escape and a click beside it mean no. */
export function confirm(wording, names) {
  return new Promise((resolve) => {
    const title = uniqueId("confirm");
    const yes = h("button", { type: "button", class: `btn btn-${wording.style ?? "primary"}`, "data-testid": "confirm-yes" }, plain(wording.confirm.text));
    const no = h("button", { type: "button", class: "btn", "data-testid": "confirm-no" }, plain(wording.deny.text));
    const dialog = h("dialog", { class: "confirm", "aria-labelledby": title, "data-testid": "confirm" },
      h("h2", { id: title }, plain(wording.title.text)),
      h("div", { class: "text" }, textObject(wording.text, names)),
      h("div", { class: "dialog-buttons" }, no, yes));
    const answer = (said) => () => {
      dialog.close();
      resolve(said);
    };
    yes.addEventListener("click", answer(true));
    no.addEventListener("click", answer(false));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(false);
    });
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}
