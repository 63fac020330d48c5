/* The page of the REST API: Swagger UI in the place of the plain list, which stays when its files
 * are missing. It speaks to this server only: the validator that it would ask is switched off. */

const place = document.getElementById("api-docs");

if (place.dataset.script) {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = place.dataset.style;
  const script = document.createElement("script");
  script.src = place.dataset.script;
  script.addEventListener("load", () => {
    window.SwaggerUIBundle({
      url: place.dataset.url,
      domNode: place,
      validatorUrl: null,
      deepLinking: true,
      presets: [window.SwaggerUIBundle.presets.apis],
    });
  });
  document.head.append(style, script);
}
