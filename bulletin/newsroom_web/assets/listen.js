// Listen to a sentence, a story or the whole bulletin in the page; without a script the links open the sound.
import { sayProblem } from "./send.js";
import { saveAll } from "./autosave.js";

let playing = null;

const reset = (link) => {
  if (!link) return;
  delete link.dataset.state;
  link.querySelector(".listen-name")?.remove();
  link.removeAttribute("aria-pressed");
};

/** Sound as the server made it; a refusal is an Error for people. */
async function fetchSound(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => {
    throw new Error("The newsroom does not answer. Try again when the line is back.");
  });
  if (answer.ok) return URL.createObjectURL(await answer.blob());
  const text = new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.trim();
  throw new Error(text || answer.statusText);
}

/** Play what the links below `root` name, in `audio`. A second press stops it. */
export function startListening(root, audio) {
  let address = "";
  root.addEventListener("click", async (event) => {
    const link = event.target.closest("a.listen");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (playing === link && !audio.paused) return audio.pause();
    reset(playing);
    playing = link;
    link.dataset.state = "waiting";
    link.setAttribute("aria-pressed", "true");
    try {
      await saveAll(link.closest(".story") ?? document); // hear what stands in the field
      const sound = await fetchSound(link.href);
      if (playing !== link) return;
      URL.revokeObjectURL(address);
      address = audio.src = sound;
      audio.setAttribute("aria-label", `Sound of ${link.dataset.listen}`);
      audio.hidden = false;
      await audio.play();
      link.dataset.state = "playing";
      sayProblem("");
    } catch (error) {
      reset(link);
      if (error.name !== "AbortError") sayProblem(error.message);
    }
  });
  for (const kind of ["pause", "ended"]) audio.addEventListener(kind, () => reset(playing));
  audio.addEventListener("play", () => playing?.isConnected && (playing.dataset.state = "playing"));
}
