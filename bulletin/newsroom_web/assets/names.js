// Hear a name in the page, as it is said now or as it is typed; without a script the page loads anew with its sound.
import { fetchSound, sayProblem } from "./send.js";

const player = document.getElementById("names-player");

async function play(address, button) {
  button.setAttribute("aria-busy", "true");
  try {
    const sound = await fetchSound(address);
    if (player.src.startsWith("blob:")) URL.revokeObjectURL(player.src);
    player.src = sound;
    player.hidden = false;
    await player.play();
    sayProblem("");
  } catch (error) {
    if (error.name !== "AbortError") sayProblem(error.message);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

document.getElementById("say")?.addEventListener("submit", (event) => {
  event.preventDefault();
  play(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`, event.submitter);
});

document.getElementById("names").addEventListener("click", (event) => {
  const link = event.target.closest("a.hear");
  const button = event.target.closest(".hear-respelled");
  if (event.ctrlKey || event.metaKey || !(link || button)) return;
  event.preventDefault();
  if (link) return play(link.href, link);
  const form = button.form;
  const hear = form.querySelector("a.hear");
  const address = new URL(hear.href);
  address.searchParams.set("respelling", form.elements.respelling.value);
  play(address, button);
});

// Enter in the field hears what was typed; saving is a press of its own.
document.getElementById("names").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.name !== "respelling") return;
  event.preventDefault();
  event.target.form.querySelector(".hear-respelled")?.click();
});
