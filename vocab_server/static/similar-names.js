/* <similar-names>: while one types a name, shows what is called almost so already.
 *
 * It stands in the form, which has the name in its field "text"; the server writes what is shown,
 * and a hidden field in it tells, when the form is sent, that it was seen. Without this script the
 * same is shown as a step before saving. */

const PAUSE = 300; // milliseconds without a key before we ask

class SimilarNames extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.field = this.form?.elements.namedItem("text");
    this.kept = this.field?.value;
    this.setAttribute("role", "status");
    this.field?.addEventListener("input", () => this.later());
  }

  later() {
    clearTimeout(this.timer);
    this.asked?.abort(); // a late answer to an older text is never shown
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const text = this.field.value.trim();
    if (text === this.kept?.trim()) return this.replaceChildren();
    this.asked = new AbortController();
    const url = new URL(this.dataset.src, document.baseURI);
    url.searchParams.set("text", text);
    try {
      const answer = await fetch(url, { signal: this.asked.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.replaceChildren(...document.adoptNode(page.body).children);
    } catch (error) {
      if (error.name !== "AbortError") this.replaceChildren(); // saving shows it, too
    }
  }
}

customElements.define("similar-names", SimilarNames);
