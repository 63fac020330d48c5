/* button[data-copy], with a text, or button[data-copy-from], with the id of an element: copies the
 * text, and says so in a status that is seen and spoken. */

const SHOWN = 4000; // milliseconds

for (const button of document.querySelectorAll("button[data-copy], button[data-copy-from]")) {
  const status = document.createElement("span");
  status.className = "copied";
  status.setAttribute("role", "status");
  button.after(status);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copy(button.dataset.copy ?? document.getElementById(button.dataset.copyFrom).textContent);
    button.focus();
    status.textContent = done ? button.dataset.copied : button.dataset.failed;
    setTimeout(() => { status.textContent = ""; }, SHOWN);
  });
}

/** Whether the text is now in the clipboard. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // no permission, or a page without https
  }
}

function copyBySelection(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
