// Forms that a person fills for minutes: a warning before the page is left with unsaved text, or a draft on the device;
// jumps to a line, and the place in a long text, which stays after a save.
import { say } from "./send.js";

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let isChanged = Boolean(form.dataset.unsaved); // it was checked or refused: the page shows what is not saved
  form.addEventListener("input", () => (isChanged = true));
  form.addEventListener("submit", () => (isChanged = false));
  window.addEventListener("beforeunload", (event) => isChanged && event.preventDefault());
}

const text = document.querySelector("textarea.text-editor");
const PLACE = `bulletin:place:${text?.form.getAttribute("action")}`;
text?.form.addEventListener("submit", () => {
  const { scrollTop, selectionStart, selectionEnd } = text;
  try {
    sessionStorage.setItem(PLACE, JSON.stringify({ scrollTop, selectionStart, selectionEnd }));
  } catch { /* full, or forbidden */ }
});
try {
  const place = text && JSON.parse(sessionStorage.getItem(PLACE));
  if (place) {
    sessionStorage.removeItem(PLACE);
    text.setSelectionRange(place.selectionStart, place.selectionEnd);
    text.scrollTop = place.scrollTop;
  }
} catch { /* forbidden */ }

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

// What is typed is kept on this device until the newsroom has it: a dead phone or a closed tab loses nothing.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const name = `bulletin:${location.pathname}:${form.dataset.draft}`;
  const isSaved = new URL(location.href).searchParams.has("added");
  const isRefused = Boolean(document.querySelector(".problem[role=alert]"));
  const fields = [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "file");
  try {
    if (isSaved) {
      localStorage.removeItem(name);
      history.replaceState(null, "", location.pathname);
    }
    const draft = isRefused ? null : JSON.parse(localStorage.getItem(name));
    for (const field of draft ? fields : [])
      if (field.name in draft.values) field.type === "checkbox" ? (field.checked = draft.values[field.name]) : (field.value = draft.values[field.name]);
    if (draft) say("Your words of last time are in the form.");
  } catch { /* forbidden, or not ours */ }
  form.addEventListener("input", () => {
    const values = Object.fromEntries(fields.map((field) => [field.name, field.type === "checkbox" ? field.checked : field.value]));
    try {
      localStorage.setItem(name, JSON.stringify({ at: Date.now(), values }));
    } catch { /* full, or forbidden */ }
  });
}
