// Waveform and chapters of a player: seek by pointer and keyboard, the words light up as they are heard.
import { minutes } from "./clocks.js";

/** Join the waveform and the chapters below `root` to its player, once: a new sound comes with a new root. */
export function playAlong(root) {
  const audio = root.querySelector("audio");
  if (!audio) return;
  const part = (selector) => root.querySelector(selector);
  const lengthOf = () => audio.duration || Number(part("#wave")?.dataset.duration) || 0;

  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-seek]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    seek(Number(link.dataset.seek));
    audio.play();
  });
  root.addEventListener("input", (event) => event.target.matches(".seek") && seek(Number(event.target.value)));

  // Before the sound has loaded a seek would be forgotten.
  function seek(seconds) {
    if (audio.readyState) audio.currentTime = seconds;
    else {
      audio.addEventListener("loadedmetadata", () => (audio.currentTime = seconds), { once: true });
      audio.preload = "metadata";
      audio.load();
    }
    show(seconds);
  }

  function show(seconds) {
    const length = lengthOf();
    const bars = part(".bars");
    const line = part(".seek");
    if (line) {
      line.hidden = false;
      if (document.activeElement !== line || !line.matches(":active")) line.value = seconds;
      line.setAttribute("aria-valuetext", `${minutes(seconds)} of ${minutes(length)}`);
    }
    if (bars && length) part(".played").setAttribute("width", (seconds / length) * bars.viewBox.baseVal.width);
    const isHeard = (element) => Number(element.dataset.start) <= seconds && seconds < Number(element.dataset.end);
    for (const chapter of root.querySelectorAll(".chapter")) {
      if (isHeard(chapter) && seconds > 0) chapter.setAttribute("aria-current", "true");
      else chapter.removeAttribute("aria-current");
    }
    for (const sentence of root.querySelectorAll(".said span")) sentence.classList.toggle("on", seconds > 0 && isHeard(sentence));
  }

  audio.addEventListener("timeupdate", () => show(audio.currentTime));
  audio.addEventListener("seeked", () => show(audio.currentTime));
  root.addEventListener("htmx:after:swap", () => show(audio.currentTime));
  show(0);
}
