// Forms that a person fills for minutes: a warning before the page is left with unsaved text, and jumps to a line.

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let isChanged = Boolean(document.querySelector("[role=alert]:not(:empty) .problem, .problem[role=alert]"));
  form.addEventListener("input", () => (isChanged = true));
  form.addEventListener("submit", () => (isChanged = false));
  window.addEventListener("beforeunload", (event) => isChanged && event.preventDefault());
}

const text = document.querySelector("textarea.text-editor");
for (const link of document.querySelectorAll("[data-text-line]"))
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const lines = text.value.split("\n");
    const number = Math.min(Number(link.dataset.textLine), lines.length) - 1;
    const start = lines.slice(0, number).join("\n").length + (number ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + lines[number].length);
    text.scrollTop = (text.scrollHeight / lines.length) * Math.max(0, number - 4);
  });
