/* <text-grid>: arrow keys in a table of text fields, and a mark on the cells that were changed.
 *
 * Up and down go to the cell above and below (in a field of several lines from its first and last
 * line), left and right to the next cell from the ends of the text, Enter down as in a spreadsheet.
 * Without this script Tab goes from field to field and the form is sent as it is. */

class TextGrid extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.onKey(event));
    this.addEventListener("input", (event) => this.mark(event.target));
    for (const field of this.querySelectorAll("[data-was]")) this.mark(field);
  }

  mark(field) {
    const was = field.closest("td")?.querySelector("input[type=hidden]");
    if (was) field.classList.toggle("changed", field.value.trim() !== was.value.trim());
  }

  onKey(event) {
    const field = event.target;
    if (!field.matches("[data-was]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.isComposing) return; // a Korean syllable or a Japanese word that is not finished
    const step = this.step(event.key, field);
    const next = step && this.next(field, step);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  }

  /* Rows and columns to go, or nothing when the key belongs to the text. */
  step(key, field) {
    const { selectionStart: start, selectionEnd: end, value } = field;
    const isWhole = start === 0 && end === value.length;
    const before = isWhole || (end === 0 && start === 0);
    const after = isWhole || (start === value.length && end === start);
    const isLong = field.matches("textarea");
    const forward = getComputedStyle(field).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    if (key === "ArrowUp" && (!isLong || !value.slice(0, start).includes("\n"))) return [-1, 0];
    if (key === "ArrowDown" && (!isLong || !value.slice(end).includes("\n"))) return [1, 0];
    if (key === "Enter" && !isLong) return [1, 0];
    if (key === backward && before) return [0, -1];
    if (key === forward && after) return [0, 1];
    return null;
  }

  next(field, [down, along]) {
    const cell = field.closest("td");
    const rows = [...this.querySelectorAll("tbody tr")];
    const row = rows[rows.indexOf(cell.parentElement) + down];
    return row?.cells[cell.cellIndex + along]?.querySelector("[data-was]");
  }
}

customElements.define("text-grid", TextGrid);
