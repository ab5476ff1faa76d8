"use strict";
// The page works without this file: it only saves a few keystrokes.
document.addEventListener("keydown", (event) => {
  const form = document.querySelector("form[data-keys]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
for (const input of document.querySelectorAll("input.drop")) {
  input.addEventListener("change", () => {
    const said = document.getElementById("chosen");
    if (said) said.textContent = input.files.length ? "Выбрано файлов: " + input.files.length : "";
  });
}
