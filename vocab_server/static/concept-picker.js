// <concept-picker>: choose concepts of a vocabulary by typing, by browsing, or from suggestions.
//
// One module without dependencies, for pages of any origin. A form sends one value, an IRI, for
// each chosen concept, as from fields with the same name. What stands inside the element, a plain
// field, is what there is without scripts, and comes back when the vocabulary cannot be reached.
//
//   <concept-picker name="subject" vocabulary="themes" lang="sv" max="5" label="Ämnen">
//     <input name="subject">
//   </concept-picker>
//
// Attributes: vocabulary, name, value (IRIs with spaces between), lang, label, min, max, required,
// disabled, server (the address of the vocabularies, if not where this file is from).
// catalog (its id: what organisations of the same kind chose counts more), answers (a name: with it
// suggestions can be dismissed, and NAME.accepted and NAME.dismissed tell the form what was answered,
// each an IRI and the words that had led to it), dismissed (IRIs that are not suggested again).
// Property "described" ({title, description, keywords}): what to suggest concepts for.
// Events: "change" with detail.concepts, a list of {iri, label, path}.
// Parts for ::part(): field, chosen, concept, remove, input, browse, list, option, tree, message.

const HOME = new URL(import.meta.url).origin;
const PAUSE = 120; // milliseconds after a key until is asked for what it begins
const SHOWN = 10; // concepts in the list
const LEVEL = 200; // concepts of one level of the tree that come at a time

const TEXTS = {
  en: {
    type: "Type to search",
    browse: "Browse",
    hide: "Hide the tree",
    remove: "Remove {0}",
    chosen: "{0} chosen",
    none: "Nothing found for “{0}”",
    found: "{0} found",
    tree: "Concepts",
    more: "More",
    suggested: "Suggested from your description",
    because: "“{0}” is in it",
    alike: "Datasets with the same words have it",
    usual: "Many datasets have it",
    dismiss: "It is not about {0}",
    dismissed: "{0} is not suggested again",
    added: "{0} added",
    removed: "{0} removed",
    full: "No more than {0} can be chosen",
    few: "Choose at least {0}",
    away: "The vocabulary cannot be reached. Give addresses of concepts instead, or try again later.",
    instead: "{0} is no longer used; {1} was chosen instead",
    old: "{0} is no longer used",
  },
  sv: {
    type: "Skriv för att söka",
    browse: "Bläddra",
    hide: "Dölj trädet",
    remove: "Ta bort {0}",
    chosen: "{0} valda",
    none: "Inget hittades för ”{0}”",
    found: "{0} hittades",
    tree: "Begrepp",
    more: "Fler",
    suggested: "Förslag utifrån din beskrivning",
    because: "”{0}” står i den",
    alike: "Datamängder med samma ord har det",
    usual: "Många datamängder har det",
    dismiss: "Det handlar inte om {0}",
    dismissed: "{0} föreslås inte igen",
    added: "{0} lades till",
    removed: "{0} togs bort",
    full: "Högst {0} kan väljas",
    few: "Välj minst {0}",
    away: "Vokabulären kan inte nås. Ange begreppens adresser i stället, eller försök senare.",
    instead: "{0} används inte längre; {1} valdes i stället",
    old: "{0} används inte längre",
  },
};

const STYLE = `
:host { display: block; font: inherit; color: inherit; }
:host([hidden]) { display: none; }
[hidden] { display: none !important; }
* { box-sizing: border-box; }
ul { list-style: none; margin: 0; padding: 0; }
.chosen { display: flex; flex-wrap: wrap; gap: .375rem; }
.chosen:not(:empty) { margin-block-end: .375rem; }
.chosen li { display: inline-flex; align-items: center; border-radius: .25rem;
  border: 1px solid var(--concept-picker-line, #66737f);
  background: var(--concept-picker-chosen, #e3eef8); color: var(--concept-picker-on-chosen, #1c2733); }
.chosen span { padding-inline-start: .5rem; }
button { font: inherit; color: inherit; background: none; border: 0; cursor: pointer;
  min-block-size: 2rem; min-inline-size: 2rem; padding-inline: .5rem; }
.entry { position: relative; display: flex; gap: .375rem; }
input { font: inherit; color: inherit; flex: 1; min-inline-size: 0; min-block-size: 2.25rem;
  padding-inline: .5rem; border: 1px solid var(--concept-picker-line, #66737f);
  border-radius: .25rem; background: var(--concept-picker-background, #fff);
  color: var(--concept-picker-text, #1c2733); }
.browse, .offered button { border: 1px solid var(--concept-picker-line, #66737f);
  border-radius: .25rem; }
:is(button, input, [role=treeitem]):focus-visible {
  outline: 2px solid var(--concept-picker-focus, #0b4a7d); outline-offset: 1px; }
.list { position: absolute; inset-inline: 0; inset-block-start: 100%; z-index: 10;
  max-block-size: 20rem; overflow: auto; margin-block-start: .125rem;
  border: 1px solid var(--concept-picker-line, #66737f); border-radius: .25rem;
  background: var(--concept-picker-background, #fff); color: var(--concept-picker-text, #1c2733); }
[role=option] { padding: .375rem .5rem; cursor: pointer; }
[role=option][aria-selected=true] { background: var(--concept-picker-current, #e3eef8); }
small { display: block; color: var(--concept-picker-soft, #4a5866); }
.tree { max-block-size: 20rem; overflow: auto; margin-block-start: .375rem; padding: .25rem;
  border: 1px solid var(--concept-picker-line, #66737f); border-radius: .25rem; }
.tree ul { padding-inline-start: 1.25rem; }
[role=treeitem] > span { display: block; padding: .25rem .5rem; cursor: pointer; }
[role=treeitem][aria-expanded=false] > span::before { content: "▸ " / ""; }
[role=treeitem][aria-expanded=true] > span::before { content: "▾ " / ""; }
[role=treeitem][aria-checked=true] > span { background: var(--concept-picker-current, #e3eef8); }
.offer { display: inline-flex; }
.offered { display: flex; flex-wrap: wrap; gap: .375rem; }
.offered button { text-align: start; }
.message:not(:empty) { margin-block: .25rem 0; font-size: .875em; }
`;

const texts = (language) => TEXTS[language.split("-")[0]] ?? TEXTS.en;
const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, place) => values[place]);

function make(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "text") node.textContent = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children);
  return node;
}

class ConceptPicker extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = ["value", "vocabulary", "lang", "label", "server", "disabled"];

  #internals = this.attachInternals();
  #chosen = new Map(); // IRI -> {iri, label, lang, path}
  #parts = {};
  #asked = 0; // the number of the last question: what answers an earlier one comes too late
  #timer = 0;
  #active = -1;
  #described = null;
  #accepted = new Map(); // IRI -> the words that had led to what was suggested
  #dismissed = new Map();
  #isThere = false;
  #isAway = false; // and the plain field is there instead

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.attachShadow({ mode: "open", delegatesFocus: true }).adoptedStyleSheets = [sheet];
    this.#build();
  }

  get form() { return this.#internals.form; }
  get name() { return this.getAttribute("name") ?? ""; }
  get concepts() { return [...this.#chosen.values()]; }
  get value() { return [...this.#chosen.keys()].join(" "); }
  set value(iris) { this.#read(iris); }
  get described() { return this.#described; }
  set described(description) { this.#described = description; this.#suggest(); }
  get validity() { return this.#internals.validity; }
  get validationMessage() { return this.#internals.validationMessage; }
  checkValidity() { return this.#internals.checkValidity(); }
  reportValidity() { return this.#internals.reportValidity(); }

  connectedCallback() {
    this.#isThere = true;
    this.#tell();
    this.#read(this.getAttribute("value") ?? "");
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#isThere || before === after) return;
    if (name === "value") this.#read(after ?? "");
    else this.#tell();
  }

  formDisabledCallback(isDisabled) { this.#able(!isDisabled); }
  formResetCallback() { this.#read(this.getAttribute("value") ?? ""); }
  formStateRestoreCallback(state) { if (state instanceof FormData) this.#read(state.getAll(this.name).join(" ")); }

  get #texts() { return texts(this.#language); }
  get #language() {
    return this.getAttribute("lang") || this.closest("[lang]")?.lang || document.documentElement.lang || "en";
  }
  get #most() { return Number(this.getAttribute("max")) || Infinity; }
  get #least() { return Number(this.getAttribute("min")) || (this.hasAttribute("required") ? 1 : 0); }

  #build() {
    const parts = this.#parts;
    parts.chosen = make("ul", { class: "chosen", part: "chosen" });
    parts.input = make("input", {
      part: "input", type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false",
      "aria-autocomplete": "list", "aria-controls": "list",
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), onblur: () => this.#close(),
    });
    parts.list = make("ul", { id: "list", class: "list", part: "list", role: "listbox", hidden: "" });
    parts.browse = make("button", {
      type: "button", class: "browse", part: "browse", "aria-expanded": "false", "aria-controls": "tree",
      onclick: () => this.#browse(),
    });
    parts.tree = make("ul", {
      id: "tree", class: "tree", part: "tree", role: "tree", "aria-multiselectable": "true", hidden: "",
      onkeydown: (event) => this.#treeKey(event), onclick: (event) => this.#treeClick(event),
    });
    parts.offer = make("div", { hidden: "" }, make("small", { id: "offer" }), make("div", { class: "offered", role: "group", "aria-labelledby": "offer" }));
    parts.message = make("p", { class: "message", part: "message", role: "status" });
    parts.fallback = make("slot", { hidden: "" });
    const entry = make("div", { class: "entry" }, parts.input, parts.browse, parts.list);
    parts.field = make("div", { part: "field" }, parts.chosen, entry, parts.offer, parts.tree);
    this.shadowRoot.append(parts.field, parts.message, parts.fallback);
    // What one would choose must not take the focus from the field that the list belongs to.
    parts.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  #tell() {
    const { input, list, tree, browse, chosen } = this.#parts;
    const label = this.getAttribute("label") || [...this.#internals.labels].map((l) => l.textContent.trim()).join(" ");
    for (const part of [input, list, tree, chosen]) part.setAttribute("aria-label", label || this.#texts.tree);
    input.placeholder = this.#texts.type;
    this.#tellBrowse();
    this.#able(!this.hasAttribute("disabled"));
  }

  // The name of the button begins with what is written on it (WCAG 2.2, 2.5.3).
  #tellBrowse() {
    const { browse, tree } = this.#parts;
    browse.textContent = tree.hidden ? this.#texts.browse : this.#texts.hide;
    browse.setAttribute("aria-label", `${browse.textContent}: ${tree.getAttribute("aria-label")}`);
  }

  #able(isAble) {
    for (const control of this.shadowRoot.querySelectorAll("button, input")) control.disabled = !isAble;
  }

  #say(text, ...values) { this.#parts.message.textContent = fill(text, ...values); }

  async #ask(path, parameters = {}, body = undefined) {
    const server = (this.getAttribute("server") || HOME).replace(/\/$/, "");
    const address = new URL(`${server}/api/v1${path}`);
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    const sent = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    try {
      const answer = await fetch(address, { credentials: "omit", ...sent });
      if (answer.status === 404) return null;
      if (!answer.ok) throw new Error(answer.statusText);
      const content = await answer.json();
      this.#fall(false);
      return content;
    } catch {
      this.#fall(true);
      return null;
    }
  }

  // The plain field instead of all else, or the other way round.
  #fall(isAway) {
    const { field, fallback } = this.#parts;
    this.#isAway = isAway && this.childElementCount > 0;
    field.hidden = this.#isAway;
    fallback.hidden = !this.#isAway;
    if (isAway) this.#say(this.#texts.away);
    if (this.#isAway) this.#show();
    for (const control of this.querySelectorAll("input, select, textarea")) control.disabled = !isAway;
  }

  // Concepts that are chosen

  async #read(iris) {
    this.#chosen.clear();
    const wanted = iris.split(/\s+/).filter(Boolean);
    for (const iri of wanted) this.#chosen.set(iri, { iri, label: iri, path: [] });
    this.#show();
    if (!wanted.length) { this.#fall(false); return; }
    const resolved = await this.#ask("/resolve", { lang: this.#language }, { iris: wanted });
    for (const { iri, status, prefLabel, isReplacedBy } of resolved?.items ?? []) {
      if (!this.#chosen.has(iri)) continue;
      if (status === "replaced") {
        const [now] = isReplacedBy;
        this.#swap(iri, now.iri);
        this.#say(this.#texts.instead, prefLabel ?? iri, now.prefLabel ?? now.iri);
      } else if (["split", "deprecated", "withdrawn"].includes(status)) this.#say(this.#texts.old, prefLabel ?? iri);
    }
    await Promise.all([...this.#chosen.keys()].map((iri) => this.#name(iri)));
    this.#show();
  }

  #swap(iri, now) {
    const others = [...this.#chosen].map(([key, value]) => (key === iri ? [now, { iri: now, label: now, path: [] }] : [key, value]));
    this.#chosen = new Map(others);
  }

  async #name(iri) {
    const found = await this.#ask("/concepts", { iri, lang: this.#language });
    if (!found || !this.#chosen.has(iri)) return;
    const path = (found.paths[0] ?? []).map((step) => step.prefLabel);
    this.#chosen.set(iri, { iri, label: found.label, lang: found.lang, path });
  }

  add(concept) {
    if (this.#chosen.has(concept.iri)) return;
    if (this.#chosen.size >= this.#most) { this.#say(this.#texts.full, this.#most); return; }
    this.#chosen.set(concept.iri, concept);
    this.#say(this.#texts.added, concept.label);
    this.#changed();
  }

  remove(iri) {
    const concept = this.#chosen.get(iri);
    if (!this.#chosen.delete(iri)) return;
    this.#say(this.#texts.removed, concept.label);
    this.#changed();
  }

  #changed() {
    this.#show();
    this.dispatchEvent(new CustomEvent("change", { bubbles: true, composed: true, detail: { concepts: this.concepts } }));
  }

  #show() {
    const rows = this.concepts.map((concept) => make("li", { part: "concept" },
      make("span", { text: concept.label, lang: concept.lang, dir: "auto", title: concept.path.join(" › ") }),
      make("button", {
        type: "button", part: "remove", text: "×", "aria-label": fill(this.#texts.remove, concept.label),
        onclick: () => { this.remove(concept.iri); this.#parts.input.focus(); },
      })));
    this.#parts.chosen.replaceChildren(...rows);
    this.#parts.chosen.hidden = !rows.length;
    for (const item of this.#parts.tree.querySelectorAll("[data-iri]")) item.setAttribute("aria-checked", this.#chosen.has(item.dataset.iri));
    const data = new FormData();
    for (const iri of this.#chosen.keys()) data.append(this.name, iri);
    const answers = this.getAttribute("answers");
    if (answers) {
      for (const [iri, words] of this.#accepted) if (this.#chosen.has(iri)) data.append(`${answers}.accepted`, `${iri} ${words}`);
      for (const [iri, words] of this.#dismissed) if (!this.#chosen.has(iri)) data.append(`${answers}.dismissed`, `${iri} ${words}`);
    }
    this.#internals.setFormValue(this.name && !this.#isAway ? data : null);
    const isShort = !this.#isAway && this.#chosen.size < this.#least;
    this.#internals.setValidity(isShort ? { valueMissing: true } : {}, isShort ? fill(this.#texts.few, this.#least) : "", this.#parts.input);
  }

  // Typing

  #typed() {
    clearTimeout(this.#timer);
    const text = this.#parts.input.value.trim();
    if (!text) { this.#close(); return; }
    this.#timer = setTimeout(() => this.#search(text), PAUSE);
  }

  async #search(text) {
    const number = ++this.#asked;
    const parameters = { q: text, lang: this.#language, limit: SHOWN };
    if (this.getAttribute("vocabulary")) parameters.vocabulary = this.getAttribute("vocabulary");
    const found = await this.#ask("/search", parameters);
    if (number !== this.#asked || !found) return;
    this.#say(found.items.length ? this.#texts.found : this.#texts.none, found.items.length || text);
    this.#options(found.items.map((item) => this.#concept(item)), found.items);
  }

  #concept(item) {
    return { iri: item.iri, label: item.prefLabel, lang: item.lang, path: (item.path ?? []).map((step) => step.prefLabel) };
  }

  #options(concepts, items) {
    const { list, input } = this.#parts;
    list.replaceChildren(...concepts.map((concept, place) => {
      const matched = items[place].matched;
      const other = matched && matched.text !== concept.label ? [make("span", { text: `${matched.text} → `, lang: matched.lang, dir: "auto" })] : [];
      const option = make("li", { role: "option", part: "option", id: `option-${place}`, "aria-selected": "false", onclick: () => this.#choose(concept) },
        ...other, make("span", { text: concept.label, lang: concept.lang, dir: "auto" }),
        make("small", { text: concept.path.join(" › "), lang: concept.lang, dir: "auto" }));
      option.concept = concept;
      return option;
    }));
    list.hidden = !concepts.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    this.#mark(-1);
  }

  #mark(place) {
    const { list, input } = this.#parts;
    this.#active = place;
    [...list.children].forEach((option, each) => option.setAttribute("aria-selected", String(each === place)));
    if (place < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", `option-${place}`);
      list.children[place].scrollIntoView({ block: "nearest" });
    }
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#parts.list.hidden = true;
    this.#parts.input.setAttribute("aria-expanded", "false");
    this.#mark(-1);
  }

  #choose(concept) {
    this.#parts.input.value = "";
    this.#close();
    this.add(concept);
  }

  #key(event) {
    const options = this.#parts.list.children;
    const isOpen = !this.#parts.list.hidden;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && isOpen) {
      const from = this.#active < 0 && steps[event.key] < 0 ? 0 : this.#active;
      this.#mark((from + steps[event.key] + options.length) % options.length);
    } else if (event.key === "ArrowDown" && this.#parts.input.value) this.#typed();
    else if (event.key === "Enter") {
      if (isOpen) this.#choose(options[Math.max(0, this.#active)].concept);
    } else if (event.key === "Escape" && isOpen) this.#close();
    else if (event.key === "Backspace" && !this.#parts.input.value && this.#chosen.size) this.remove([...this.#chosen.keys()].pop());
    else return;
    event.preventDefault();
  }

  // Browsing

  async #browse() {
    const { tree, browse } = this.#parts;
    tree.hidden = !tree.hidden;
    browse.setAttribute("aria-expanded", String(!tree.hidden));
    this.#tellBrowse();
    if (tree.hidden || tree.childElementCount) return;
    await this.#level(tree, `/vocabularies/${encodeURIComponent(this.getAttribute("vocabulary") ?? "")}/top`, {}, 1, []);
    const first = tree.querySelector("[role=treeitem]");
    if (first) { first.tabIndex = 0; first.focus(); }
  }

  async #level(list, path, parameters, level, above) {
    const offset = list.querySelectorAll(":scope > [role=treeitem]").length;
    const found = await this.#ask(path, { ...parameters, lang: this.#language, limit: LEVEL, offset });
    list.querySelector(":scope > .more")?.remove();
    for (const [place, item] of (found?.items ?? []).entries()) {
      const row = make("li", {
        role: "treeitem", tabindex: "-1", "data-iri": item.iri, "aria-level": level, "aria-setsize": found.total,
        "aria-posinset": offset + place + 1, "aria-checked": this.#chosen.has(item.iri),
        "aria-expanded": item.hasNarrower ? "false" : null,
      }, make("span", { text: item.prefLabel, lang: item.lang, dir: "auto" }));
      row.concept = { iri: item.iri, label: item.prefLabel, lang: item.lang, path: above };
      list.append(row);
    }
    const shown = offset + (found?.items.length ?? 0);
    if (found && shown < found.total) {
      const more = make("li", { class: "more", role: "treeitem", tabindex: "-1", "aria-level": level }, make("span", { text: this.#texts.more }));
      more.load = () => this.#level(list, path, parameters, level, above);
      list.append(more);
    }
  }

  async #open(item) {
    if (item.getAttribute("aria-expanded") !== "false") return;
    item.setAttribute("aria-expanded", "true");
    const group = item.querySelector(":scope > ul");
    if (group) { group.hidden = false; return; }
    const made = make("ul", { role: "group" });
    item.append(made);
    item.setAttribute("aria-busy", "true");
    const { iri, label, path } = item.concept;
    const level = Number(item.getAttribute("aria-level")) + 1;
    await this.#level(made, "/concepts/narrower", { iri }, level, [...path, label]);
    item.removeAttribute("aria-busy");
  }

  #shut(item) {
    item.setAttribute("aria-expanded", "false");
    item.querySelector(":scope > ul").hidden = true;
  }

  async #more(item) {
    const before = item.previousElementSibling;
    await item.load();
    this.#focus(before.nextElementSibling ?? before);
  }

  #toggle(item) {
    if (item.load) this.#more(item);
    else if (this.#chosen.has(item.dataset.iri)) this.remove(item.dataset.iri);
    else this.add(item.concept);
  }

  #treeClick(event) {
    const item = event.target.closest("[role=treeitem]");
    if (!item) return;
    this.#focus(item);
    if (item.getAttribute("aria-expanded") === "false" && event.offsetX < 20) this.#open(item);
    else if (item.getAttribute("aria-expanded") === "true" && event.offsetX < 20) this.#shut(item);
    else this.#toggle(item);
  }

  #focus(item) {
    for (const other of this.#parts.tree.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
    item.tabIndex = 0;
    item.focus();
  }

  // Keys of the ARIA Authoring Practices Guide, Tree View.
  #treeKey(event) {
    const item = event.target.closest("[role=treeitem]");
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const seen = [...this.#parts.tree.querySelectorAll("[role=treeitem]")].filter((each) => each.checkVisibility());
    const place = seen.indexOf(item);
    const above = item.parentElement.closest("[role=treeitem]");
    const isOpen = item.getAttribute("aria-expanded") === "true";
    const goes = { ArrowDown: seen[place + 1], ArrowUp: seen[place - 1], Home: seen[0], End: seen.at(-1) };
    if (event.key in goes) { if (goes[event.key]) this.#focus(goes[event.key]); }
    else if (event.key === "ArrowRight") { if (isOpen) this.#focus(seen[place + 1] ?? item); else this.#open(item); }
    else if (event.key === "ArrowLeft") { if (isOpen) this.#shut(item); else if (above) this.#focus(above); }
    else if (event.key === "Enter" || event.key === " ") this.#toggle(item);
    else if (event.key === "Escape") { this.#browse(); this.#parts.browse.focus(); }
    else if (event.key.length === 1) {
      const order = [...seen.slice(place + 1), ...seen.slice(0, place + 1)];
      const typed = event.key.toLocaleLowerCase();
      const next = order.find((each) => each.firstElementChild.textContent.toLocaleLowerCase().startsWith(typed));
      if (next) this.#focus(next);
    } else return;
    event.preventDefault();
  }

  // Suggestions

  #reason([first]) {
    if (!first) return "";
    const known = { tagged: this.#texts.alike, usual: this.#texts.usual };
    return known[first.match] ?? fill(this.#texts.because, first.text);
  }

  async #suggest() {
    const { offer } = this.#parts;
    const sent = { ...this.#described, lang: this.#language, limit: 5 };
    for (const name of ["vocabulary", "catalog"]) if (this.getAttribute(name)) sent[name] = this.getAttribute(name);
    const hasWords = [sent.title, sent.description, ...(sent.keywords ?? [])].some((text) => text?.trim());
    const found = hasWords ? await this.#ask("/suggest", {}, sent) : null;
    const refused = new Set([...(this.getAttribute("dismissed") ?? "").split(/\s+/), ...this.#dismissed.keys()]);
    const items = (found?.items ?? []).filter((item) => !this.#chosen.has(item.iri) && !refused.has(item.iri));
    offer.hidden = !items.length;
    offer.firstElementChild.textContent = this.#texts.suggested;
    offer.lastElementChild.replaceChildren(...items.map((item) => this.#offered(item)));
  }

  #offered(item) {
    const { offer, input } = this.#parts;
    const [first] = item.reasons;
    const words = !first || first.in === "datasets" ? "" : first.text;
    const row = make("span", { class: "offer" });
    const answer = (kept, act) => () => {
      kept.set(item.iri, words);
      act();
      row.remove();
      offer.hidden = !offer.lastElementChild.childElementCount;
      (offer.querySelector("button") ?? input).focus();
    };
    row.append(make("button", {
      type: "button", title: this.#concept(item).path.join(" › "), onclick: answer(this.#accepted, () => this.add(this.#concept(item))),
    }, "+ ", make("span", { text: item.prefLabel, lang: item.lang, dir: "auto" }), " ", make("small", { text: this.#reason(item.reasons) })));
    if (this.getAttribute("answers")) {
      row.append(make("button", {
        type: "button", text: "×", "aria-label": fill(this.#texts.dismiss, item.prefLabel), title: fill(this.#texts.dismiss, item.prefLabel),
        onclick: answer(this.#dismissed, () => { this.#show(); this.#say(this.#texts.dismissed, item.prefLabel); }),
      }));
    }
    return row;
  }
}

customElements.define("concept-picker", ConceptPicker);
