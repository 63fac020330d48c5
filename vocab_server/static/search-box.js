/* A search box that suggests concepts while one types (WAI-ARIA combobox with a listbox popup).
 *
 * Without this script it is a plain field of its form. The server writes the options, so that what
 * they look like and which language each part is in is told in one place. */

const PAUSE = 150; // milliseconds without a key before we ask
const LEAST = 1; // characters

class SearchBox extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.said = document.createElement("span");
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    this.append(this.said);
    const attributes = {
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": this.list.id, "aria-haspopup": "listbox",
    };
    for (const [name, value] of Object.entries(attributes)) this.field.setAttribute(name, value);
    this.field.addEventListener("input", () => this.later());
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const typed = this.field.value.trim();
    if (typed.length < LEAST) return this.close();
    this.asked?.abort(); // a late answer to an older text is never shown
    this.asked = new AbortController();
    const url = new URL(this.dataset.src, document.baseURI);
    url.searchParams.set("q", typed);
    const chosen = new URLSearchParams(location.search).get("lang");
    if (chosen) url.searchParams.set("lang", chosen);
    for (const name of ["vocabulary", "language", "under", "group", "type"]) {
      const other = this.field.form?.elements.namedItem(name);
      if (other?.value) url.searchParams.set(name, other.value);
    }
    try {
      const answer = await fetch(url, { signal: this.asked.signal });
      if (answer.ok) this.show(await answer.text());
    } catch { /* offline, or asked again: the form still works */ }
  }

  show(html) {
    this.list.innerHTML = html;
    this.options().forEach((option, place) => { option.id = `${this.list.id}-${place}`; });
    const count = this.options().length;
    this.list.hidden = count === 0;
    this.field.setAttribute("aria-expanded", String(count > 0));
    this.field.removeAttribute("aria-activedescendant");
    this.said.textContent = count ? this.dataset.found.replace("{n}", count) : this.dataset.none;
  }

  close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  key(event) {
    const options = this.options();
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return this.ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      return this.select(options[(at + step + options.length + (at < 0 && step < 0)) % options.length]);
    }
    if (event.key === "Enter" && open && at >= 0) {
      event.preventDefault();
      return this.take(options[at]);
    }
    if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    }
  }

  select(chosen) {
    for (const option of this.options()) option.setAttribute("aria-selected", String(option === chosen));
    if (!chosen) return;
    this.field.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  take(option) {
    if (option) location.assign(option.dataset.href);
  }
}

customElements.define("search-box", SearchBox);

// "/" goes to the search box, where nobody is typing (WCAG 2.1.4: it does nothing inside fields).
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector("search-box input");
  if (!field) return;
  event.preventDefault();
  field.focus();
});
