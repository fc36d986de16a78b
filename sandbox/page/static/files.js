// The file input: files go up as soon as they are chosen, and their ids stand in the state.

import { h } from "./dom.js";
import { entered, inputAttributes } from "./entering.js";
import { icon } from "./icons.js";

const SLACKS_MAX_FILES = 10;
const SLACKS_MAX_BYTES = 10 * 1024 * 1024;

export function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function fileInput(element, block, surface, label) {
  const most = element.max_files ?? SLACKS_MAX_FILES;
  const accept = element.filetypes?.map((type) => `.${type}`).join(",");
  const chooser = h("input", { ...inputAttributes(element, block, label), type: "file", class: "file-chooser", accept, multiple: most > 1 });
  const rows = h("ul", { class: "file-list" });
  const note = h("p", { class: "file-note", role: "status" });
  const drop = h("label", { class: "file-drop" }, icon("file"), h("span", {}, h("strong", {}, "Choose a file"), " or drop it here"), chooser);
  const node = h("div", { class: "file-input", "data-testid": `files-${element.action_id}` }, drop, rows, note);

  const held = () => surface.valueOf(block, element).files;
  const hold = (files) => {
    entered(node, element, block, surface, { files });
    show();
  };
  const show = () => {
    const remove = (file) => () => hold(held().filter((each) => each !== file));
    rows.replaceChildren(...held().map((file) =>
      h("li", {}, icon("file"), h("span", { class: "file-name" }, file.name), h("small", {}, fileSize(file.size)), h("button", { type: "button", class: "ghost", "aria-label": `Remove ${file.name}`, onclick: remove(file) }, icon("close")))));
  };
  const take = async (files) => {
    for (const file of files) {
      note.textContent = refusal(file, element, held().length, most) ?? `Uploading ${file.name}…`;
      if (!note.textContent.startsWith("Uploading")) continue;
      node.setAttribute("aria-busy", "true");
      const reply = await surface.upload(file);
      node.removeAttribute("aria-busy");
      note.textContent = reply.ok ? "" : reply.error;
      if (reply.ok) hold([...held(), { id: reply.file_id, name: file.name, size: file.size }]);
    }
    chooser.value = "";
  };
  chooser.addEventListener("change", () => take([...chooser.files]));
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
  show();
  return node;
}

function refusal(file, element, count, most) {
  const ending = file.name.split(".").pop().toLowerCase();
  if (count >= most) return `At most ${most} ${most === 1 ? "file" : "files"} here.`;
  if (file.size > SLACKS_MAX_BYTES) return `${file.name} is larger than 10 MB, which is Slack's limit.`;
  if (element.filetypes && !element.filetypes.includes(ending)) return `${file.name} is not one of: ${element.filetypes.join(", ")}.`;
  return null;
}
