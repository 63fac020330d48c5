/* The SPARQL page: the query editor instead of the plain form, and program texts that follow the query.
 *
 * The editor speaks to our own endpoint only. What it would fetch from elsewhere (classes and
 * properties from Linked Open Vocabularies, DBpedia as first endpoint) is switched off. Without
 * this script, without the editor's files, or by choice, the form works as it is. */

const CHOICE = "vocab-server-sparql-editor"; // in localStorage: "yasgui" or "plain"
const page = document.getElementById("sparql");
const field = document.getElementById("query");
const form = document.getElementById("plain-editor");
const place = document.getElementById("yasgui");
const endpoint = new URL(page.dataset.endpoint, document.baseURI).href;
let yasgui = null;

field.addEventListener("input", () => updateSnippets(field.value));

if (page.dataset.script) {
  document.getElementById("editor-choice").hidden = false;
  for (const button of page.querySelectorAll("button[data-editor]")) {
    button.addEventListener("click", () => choose(button.dataset.editor));
  }
  document.getElementById("sparql-examples").addEventListener("click", runExample);
  show(remembered()).catch(() => show("plain"));
}

function remembered() {
  try {
    return localStorage.getItem(CHOICE) ?? "yasgui";
  } catch {
    return "yasgui"; // storage is switched off
  }
}

async function choose(editor) {
  try {
    localStorage.setItem(CHOICE, editor);
  } catch { /* then the choice holds for this page only */ }
  if (editor === "plain" && yasgui) field.value = currentQuery();
  await show(editor);
  if (editor === "plain") field.focus();
  else yasgui.getTab().getYasqe().focus();
}

async function show(editor) {
  const rich = editor === "yasgui";
  if (rich) yasgui ??= await load();
  place.hidden = !rich;
  form.hidden = rich;
  const result = document.getElementById("plain-result");
  if (result) result.hidden = rich;
  for (const part of page.querySelectorAll("[data-editor], [data-for]")) {
    part.hidden = part.dataset.for ? !rich : part.dataset.editor === editor;
  }
  if (rich) yasgui.getTab().getYasqe().refresh(); // it measures itself, which it cannot while hidden
}

async function load() {
  await Promise.all([
    add("link", { rel: "stylesheet", href: page.dataset.style }),
    add("script", { src: page.dataset.script }),
  ]);
  place.hidden = false;
  const { Yasgui, Yasqe } = window;
  Yasqe.defaults.autocompleters = ["prefixes", "variables"]; // the others ask a server elsewhere
  Yasqe.defaults.value = field.value;
  const editor = new Yasgui(place, {
    autofocus: false,
    persistenceId: "vocab-server",
    tabName: page.dataset.tab,
    copyEndpointOnNewTab: false,
    requestConfig: { endpoint, method: "POST" },
    endpointCatalogueOptions: { getData: () => [] },
    populateFromUrl: (tab) => ({ ...tab, requestConfig: { ...tab.requestConfig, endpoint, headers: {} } }),
  });
  for (const tab of Object.values(editor._tabs)) tab.setEndpoint(endpoint);
  new MutationObserver(mend).observe(place, { childList: true, subtree: true });
  mend();
  editor.on("tabSelect", () => setTimeout(follow));
  editor.on("tabChange", follow);
  yasgui = editor;
  follow();
  return editor;
}

function add(name, attributes) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement(name), attributes);
    element.addEventListener("load", resolve);
    element.addEventListener("error", reject);
    document.head.append(element);
  });
}

function currentQuery() {
  return yasgui.getTab().getYasqe().getValue();
}

/* What the editor leaves out for those who do not see it. */
function mend() {
  const adder = place.querySelector("[role=tablist] button.addTab:not([role])");
  adder?.setAttribute("role", "tab"); // a tablist may hold nothing but tabs
  adder?.setAttribute("aria-selected", "false");
  const size = place.querySelector("select.tableSizer:not([aria-label])");
  size?.setAttribute("aria-label", size.parentElement.textContent.split(":")[0]);
  for (const wide of place.querySelectorAll(".yasr_results:not([tabindex]), .yasr_results pre:not([tabindex])")) {
    wide.setAttribute("tabindex", "0"); // what scrolls takes focus
    if (wide.matches("pre")) continue;
    wide.setAttribute("role", "region");
    wide.setAttribute("aria-label", page.dataset.result);
  }
}

/* Keep the program texts in step with the query in the open tab. */
function follow() {
  const editor = yasgui.getTab().getYasqe();
  editor.getInputField().setAttribute("aria-label", page.dataset.tab);
  editor.off("change", onChange);
  editor.on("change", onChange);
  onChange();
}

function onChange() {
  updateSnippets(currentQuery());
}

function updateSnippets(query) {
  for (const code of document.querySelectorAll("code[data-template]")) {
    code.textContent = code.dataset.template.replace("{query}", () => query.trim());
  }
}

function runExample(event) {
  const link = event.target.closest("a[data-query]");
  if (!link || place.hidden || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const tab = yasgui.addTab(true, { name: link.textContent, yasqe: { value: link.dataset.query } });
  tab.setEndpoint(endpoint);
  tab.query().catch(() => {}); // the editor shows the error itself
  place.scrollIntoView();
}
