// Listen to a sentence, a story or the whole bulletin in the page; without a script the links open the sound.
import { fetchSound, sayProblem } from "../send.js";
import { saveAll } from "./autosave.js";

/** Address of the sound that was asked for last: its link may be replaced while it plays. */
let asked = "";

const show = (state) => {
  for (const link of document.querySelectorAll("a.listen")) {
    if (state && link.href === asked) link.dataset.state = state;
    else delete link.dataset.state;
  }
};

/** Play what the links below `root` name, in `audio`. A second press stops it. */
export function startListening(root, audio) {
  let address = "";
  root.addEventListener("click", async (event) => {
    const link = event.target.closest("a.listen");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (asked === link.href && !audio.paused) return audio.pause();
    asked = link.href;
    show("waiting");
    try {
      await saveAll(link.closest(".story") ?? document); // hear what stands in the field
      const sound = await fetchSound(link.href);
      if (asked !== link.href) return;
      URL.revokeObjectURL(address);
      address = audio.src = sound;
      audio.setAttribute("aria-label", `Sound of ${link.dataset.listen}`);
      audio.hidden = false;
      await audio.play();
      sayProblem("");
    } catch (error) {
      if (asked === link.href) show("");
      if (error.name !== "AbortError") sayProblem(error.message);
    }
  });
  for (const kind of ["pause", "ended"]) audio.addEventListener(kind, () => show(""));
  audio.addEventListener("play", () => show("playing"));
}
