/* <concept-tree>: makes nested lists of links a tree that the keyboard moves in.
 *
 * The pattern is "Navigation Treeview" of the ARIA Authoring Practices Guide: the link is the
 * treeitem and owns the list of its narrower concepts. Concepts that are not loaded come as an HTML
 * fragment from the address in data-children (or data-more for the rest of a long list).
 * Texts come from data-label, data-loading, data-loaded (with {n}) and data-failed.
 * Without this script the links work as they are. */

const TYPING_PAUSE = 700; // milliseconds after which typed letters begin a new word

class ConceptTree extends HTMLElement {
  #typed = "";
  #typedAt = 0;

  connectedCallback() {
    const list = this.querySelector(":scope > ul");
    if (!list || list.matches("[role=tree]")) return;
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(this.status);
    list.setAttribute("role", "tree");
    list.setAttribute("aria-label", this.dataset.label ?? "");
    this.#enhance(list);
    const current = list.querySelector("[aria-current]");
    this.#makeTabStop(current ?? list.querySelector("[role=treeitem]"));
    if (current) scrollToMiddle(current);
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.addEventListener("click", (event) => this.#onClick(event));
    this.addEventListener("focusin", (event) => {
      if (event.target.matches("[role=treeitem]")) this.#makeTabStop(event.target);
    });
  }

  /* Roles, levels and positions of a list and all that is loaded below it. */
  #enhance(list, level = 1) {
    const rows = [...list.children];
    rows.forEach((row, index) => {
      const link = row.querySelector(":scope > a, :scope > button");
      const below = row.querySelector(":scope > ul");
      row.setAttribute("role", "none");
      link.setAttribute("role", "treeitem");
      link.setAttribute("tabindex", "-1");
      link.setAttribute("aria-level", row.dataset.level ?? level);
      link.setAttribute("aria-setsize", row.dataset.setsize ?? rows[0].dataset.setsize ?? rows.length);
      link.setAttribute("aria-posinset", row.dataset.posinset ?? placeAfter(row) ?? index + 1);
      if (below || row.dataset.children) {
        const toggle = document.createElement("span");
        toggle.className = "toggle";
        toggle.setAttribute("aria-hidden", "true");
        row.prepend(toggle);
        this.#showOpen(row, Boolean(below));
      }
      if (below) this.#adopt(link, below, Number(row.dataset.level ?? level) + 1);
    });
  }

  #adopt(link, list, level) {
    list.setAttribute("role", "group");
    list.id ||= `tree-${crypto.getRandomValues(new Uint32Array(2)).join("-")}`;
    link.setAttribute("aria-owns", list.id);
    this.#enhance(list, level);
  }

  #showOpen(row, open) {
    row.classList.toggle("open", open);
    itemOf(row).setAttribute("aria-expanded", open);
    const below = row.querySelector(":scope > ul");
    if (below) below.hidden = !open;
  }

  #makeTabStop(item) {
    this.querySelector("[role=treeitem][tabindex='0']")?.setAttribute("tabindex", "-1");
    item?.setAttribute("tabindex", "0");
  }

  /* ---- opening and loading ---- */

  async #open(row) {
    if (row.classList.contains("busy")) return;
    row.querySelector(":scope > ul.failed")?.remove();
    if (row.querySelector(":scope > ul")) return this.#showOpen(row, true);
    const item = itemOf(row);
    const list = await this.#load(row, row.dataset.children);
    row.append(list);
    this.#adopt(item, list, Number(item.getAttribute("aria-level")) + 1);
    this.#showOpen(row, true);
  }

  async #more(row) {
    if (row.classList.contains("busy")) return;
    const before = row.previousElementSibling;
    const list = await this.#load(row, row.dataset.more);
    const level = Number(itemOf(row).getAttribute("aria-level"));
    const here = new Set([...row.parentElement.children].map((other) => other.dataset.iri));
    for (const found of [...list.children]) if (found.dataset.iri && here.has(found.dataset.iri)) found.remove();
    this.#enhance(list, level);
    row.replaceWith(...list.children);
    (before?.nextElementSibling ?? this).querySelector("[role=treeitem]")?.focus();
  }

  /* The list at an address, or a list with one button that tries again. */
  async #load(row, address) {
    const item = itemOf(row);
    row.classList.add("busy");
    item.setAttribute("aria-busy", "true");
    this.status.textContent = this.dataset.loading;
    try {
      const list = await fetchList(address);
      const count = list.querySelectorAll(":scope > li:not(.more)").length;
      this.status.textContent = this.dataset.loaded.replace("{n}", count);
      return list;
    } catch {
      this.status.textContent = this.dataset.failed;
      return failure(this.dataset.failed, address, row.dataset.more === address);
    } finally {
      row.classList.remove("busy");
      item.removeAttribute("aria-busy");
    }
  }

  #tryAgain(row) {
    const group = row.parentElement;
    const parent = group.closest("li");
    if (row.dataset.more) {
      this.#more(row);
    } else {
      itemOf(parent).focus();
      group.remove();
      this.#open(parent);
    }
  }

  #close(row) {
    if (row.contains(document.activeElement)) itemOf(row).focus();
    this.#showOpen(row, false);
  }

  /* ---- pointer and keys ---- */

  #onClick(event) {
    const row = event.target.closest("li");
    if (event.target.classList.contains("toggle")) {
      row.classList.contains("open") ? this.#close(row) : this.#open(row);
    } else if (event.target.closest("button")) {
      this.#tryAgain(row);
    } else if (row?.dataset.more && event.target.closest("a") && !opensElsewhere(event)) {
      event.preventDefault();
      this.#more(row);
    }
  }

  #onKey(event) {
    const item = event.target;
    if (!item.matches("[role=treeitem]") || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = this.#action(event.key, item);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #action(key, item) {
    const row = item.parentElement;
    const items = this.#visible();
    const to = (target) => () => target?.focus();
    switch (this.#mirrored(key)) {
      case "ArrowDown": return to(items[items.indexOf(item) + 1]);
      case "ArrowUp": return to(items[items.indexOf(item) - 1]);
      case "ArrowRight": return () => this.#enter(row);
      case "ArrowLeft": return () => this.#leave(row);
      case "Home": return to(items[0]);
      case "End": return to(items.at(-1));
      case " ": return this.#spaced(item, items);
      case "*": return () => this.#openSiblings(row);
    }
    return key.length === 1 ? to(this.#matching(key, item, items)) : null;
  }

  #mirrored(key) {
    if (getComputedStyle(this).direction !== "rtl") return key;
    return { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }[key] ?? key;
  }

  #enter(row) {
    if (!itemOf(row).hasAttribute("aria-expanded")) return;
    if (!row.classList.contains("open")) return this.#open(row);
    row.querySelector(":scope > ul > li > [role=treeitem]")?.focus();
  }

  #leave(row) {
    if (row.classList.contains("open")) return this.#close(row);
    const parent = row.parentElement.closest("li");
    if (parent) itemOf(parent).focus();
  }

  /* One after the other: a level may have hundreds. */
  async #openSiblings(row) {
    for (const sibling of [...row.parentElement.children]) {
      if (itemOf(sibling).getAttribute("aria-expanded") === "false") await this.#open(sibling);
    }
  }

  #visible() {
    return [...this.querySelectorAll("[role=treeitem]")].filter((i) => !i.closest("ul[hidden]"));
  }

  /* A space goes on with a name that is being typed, if there is such a name; else it is a click. */
  #spaced(item, items) {
    const isTyping = this.#typed && Date.now() - this.#typedAt <= TYPING_PAUSE;
    const found = isTyping && items.find((candidate) => beginsWith(candidate, `${this.#typed} `));
    return found ? () => this.#matching(" ", item, items)?.focus() : () => item.click();
  }

  /* The next item whose name or notation begins with the letters typed so far. */
  #matching(letter, item, items) {
    const now = Date.now();
    this.#typed = now - this.#typedAt > TYPING_PAUSE ? letter : this.#typed + letter;
    this.#typedAt = now;
    const start = items.indexOf(item) + (this.#typed.length === 1 ? 1 : 0);
    const order = [...items.slice(start), ...items.slice(0, start)];
    return order.find((candidate) => beginsWith(candidate, this.#typed));
  }
}

function itemOf(row) {
  return row.querySelector(":scope > [role=treeitem]") ?? row.querySelector(":scope > a, :scope > button");
}

/* The place of what stands for the rest of a long list: the next after those that are there. */
function placeAfter(row) {
  const before = row.previousElementSibling?.dataset.posinset;
  return before && Number(before) + 1;
}

function opensElsewhere(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
}

function beginsWith(item, typed) {
  const language = item.closest("[lang]")?.lang;
  const name = item.cloneNode(true);
  const notation = name.querySelector(".notation");
  notation?.remove();
  const wanted = lower(typed, language);
  return [name, notation].some((part) => part && lower(part.textContent.trim(), language).startsWith(wanted));
}

function lower(text, language) {
  try {
    return text.toLocaleLowerCase(language || undefined);
  } catch {
    return text.toLowerCase(); // a language tag that the browser does not know
  }
}

async function fetchList(address) {
  const url = new URL(address, document.baseURI);
  if (url.origin !== location.origin) throw new Error("not our own address");
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const list = page.querySelector("ul");
  if (!list) throw new Error("no list");
  return document.adoptNode(list);
}

function failure(text, address, isMore) {
  const list = document.createElement("ul");
  const row = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  if (isMore) row.dataset.more = address;
  else list.className = "failed";
  row.append(button);
  list.append(row);
  return list;
}

/* Scrolls the panel, not the page. */
function scrollToMiddle(item) {
  const panel = item.closest(".scroll");
  if (!panel) return;
  const place = item.getBoundingClientRect().top - panel.getBoundingClientRect().top;
  panel.scrollTop += place - panel.clientHeight / 2;
}

customElements.define("concept-tree", ConceptTree);
