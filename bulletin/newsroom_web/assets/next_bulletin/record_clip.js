// Record a clip in the browser: MediaRecorder, into the form's own file field.
import { minutes } from "../clocks.js";
import { send, say, sayProblem } from "../send.js";
import { merge, partOf } from "./story_list.js";
import { saveAll } from "./autosave.js";

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
const LONGEST_S = 300;
const recordings = new WeakMap();

/** Why this browser cannot record here; empty: it can. */
function whyNot() {
  if (!window.isSecureContext) return "Recording needs a secure address (https, or localhost). Ask your engineer to put the newsroom behind TLS, or choose a file above.";
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return "This browser cannot record; choose a file above.";
  return "";
}

/** Give every recorder below `root` its button. */
export function startRecorders(root) {
  for (const recorder of root.querySelectorAll("[data-recorder]")) {
    if (recordings.has(recorder)) continue;
    recordings.set(recorder, {});
    recorder.hidden = false;
    recorder.closest("form").elements.sound.addEventListener("change", () => clear(recorder));
    const reason = whyNot();
    const button = recorder.querySelector(".record");
    button.disabled = Boolean(reason);
    note(recorder, reason);
    button.addEventListener("click", () => (recordings.get(recorder).recorder ? stop(recorder) : start(recorder)));
  }
}

const note = (recorder, text) => (recorder.querySelector("[data-record-note]").textContent = text);

async function start(recorder) {
  const state = recordings.get(recorder);
  if (state.isAsking) return; // for the microphone
  state.isAsking = true;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
  } catch (error) {
    const isDenied = error.name === "NotAllowedError";
    return note(recorder, isDenied ? "The browser may not use the microphone; allow it in the address bar, then press Record again." : `No microphone was found (${error.name}).`);
  } finally {
    state.isAsking = false;
  }
  const type = TYPES.find((each) => MediaRecorder.isTypeSupported(each)) ?? "";
  const media = new MediaRecorder(stream, type ? { mimeType: type, audioBitsPerSecond: 128_000 } : {});
  const pieces = [];
  media.addEventListener("dataavailable", (event) => event.data.size && pieces.push(event.data));
  state.isFinished = new Promise((resolve) =>
    media.addEventListener("stop", () => resolve(finish(recorder, pieces, media.mimeType, stream))));
  media.start(1000);
  state.recorder = media;
  const began = performance.now();
  state.timer = setInterval(() => {
    const seconds = (performance.now() - began) / 1000;
    recorder.querySelector("[data-record-time]").textContent = minutes(seconds);
    if (seconds >= LONGEST_S) stop(recorder);
  }, 250);
  recorder.classList.add("is-recording");
  recorder.querySelector("[data-record-name]").textContent = "Stop";
  note(recorder, "");
  say("Recording.");
}

/** Resolves when the recording is in the form. */
function stop(recorder) {
  const state = recordings.get(recorder);
  if (state.recorder?.state === "recording") state.recorder.stop();
  return state.isFinished;
}

/** Also when the microphone is pulled out: what was said until then is kept. */
function finish(recorder, pieces, type, stream) {
  const state = recordings.get(recorder);
  clearInterval(state.timer);
  state.recorder = null;
  for (const track of stream.getTracks()) track.stop();
  clear(recorder);
  if (!pieces.length) return note(recorder, "Nothing was recorded; press Record again.");
  const plain = type.split(";")[0];
  const sound = new File(pieces, `recording.${ENDINGS[plain] ?? "webm"}`, { type: plain });
  recorder.classList.add("has-recording");
  recorder.querySelector("[data-record-name]").textContent = "Record again";
  const audio = recorder.querySelector("[data-record-sound]");
  findLength(audio);
  audio.src = URL.createObjectURL(sound);
  audio.hidden = false;
  const files = new DataTransfer();
  files.items.add(sound);
  recorder.closest("form").elements.sound.files = files.files;
  say("Recorded. Listen to it, then attach it.");
}

/** A browser's recording has no length in its header, so its player could not seek: a jump to the end finds it. */
function findLength(audio) {
  audio.addEventListener("loadedmetadata", () => {
    if (audio.duration !== Infinity) return;
    audio.addEventListener("durationchange", () => (audio.currentTime = 0), { once: true });
    audio.currentTime = 1e6;
  }, { once: true });
}

/** Forget the recording: it was attached, or a file was chosen instead. */
function clear(recorder) {
  const audio = recorder.querySelector("[data-record-sound]");
  URL.revokeObjectURL(audio.src);
  audio.removeAttribute("src");
  audio.hidden = true;
  recorder.classList.remove("is-recording", "has-recording");
  recorder.querySelector("[data-record-name]").textContent = "Record";
  recorder.querySelector("[data-record-time]").textContent = "";
  note(recorder, "");
}

/** Send clips without leaving the page. */
export function startAttaching(page) {
  page.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches(".attach-form")) return;
    event.preventDefault();
    const button = event.submitter ?? form.querySelector(".primary");
    const recorder = form.querySelector("[data-recorder]");
    if (recordings.get(recorder)?.recorder) await stop(recorder);
    if (!form.elements.sound.files.length) return sayProblem("Choose a sound file, or record one; then attach it.");
    button.disabled = true;
    say("Sending the clip …");
    try {
      await saveAll();
      const answer = await send(form.getAttribute("action"), Object.fromEntries(new FormData(form)));
      const said = answer.headers.get("X-Said");
      form.closest("details").open = false;
      form.reset();
      clear(recorder);
      merge(partOf(await answer.text()));
      sayProblem("");
      if (said) say(decodeURIComponent(said));
    } catch (error) {
      sayProblem(error.message);
    }
    button.disabled = false;
  });
}

/** A recording that was not attached is lost with its page. */
export function watchRecordings() {
  window.addEventListener("beforeunload", (event) => document.querySelector(".is-recording, .has-recording") && event.preventDefault());
}
