// Tells the picker of a form what the title and description are, so that it suggests concepts.

const picker = document.querySelector("form concept-picker");
const texts = (name) => [...document.querySelectorAll(`[name^="${name}."]`)]
  .map((field) => field.value.trim()).filter(Boolean).join("\n");
const tell = () => { picker.described = { title: texts("title"), description: texts("description") }; };

if (picker) {
  customElements.whenDefined("concept-picker").then(tell);
  picker.form.addEventListener("change", (event) => {
    if (/^(title|description)\./.test(event.target.name ?? "")) tell();
  });
}
