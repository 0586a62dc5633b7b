// The newsroom's shell: live changes, status line, problems. Every page loads it; nothing depends on it.
import { meta, renewToken, say, sayProblem } from "./send.js";

const KINDS = ["edits", "requests", "coming", "slots", "bulletins", "making"];
const AGAIN_MS = [2000, 5000, 15000, 30000];
const SILENT_MS = 10_000;

let source = null;
let hasEnded = false;
let failures = 0;
let again = 0;
let silence = 0;

const dispatch = (kind, detail) => document.body.dispatchEvent(new CustomEvent(`bulletin:${kind}`, { detail }));

/** Follow the station's changes while the page is in sight: a browser has six connections for all its tabs. */
function listen() {
  clearTimeout(again);
  const address = meta("bulletin-events");
  if (!address || hasEnded || document.hidden || (source && source.readyState !== EventSource.CLOSED)) return;
  source = new EventSource(address);
  for (const kind of KINDS) source.addEventListener(kind, (event) => dispatch(kind, JSON.parse(event.data)));
  // Changes may have passed since the page was made, or while the line was down.
  source.addEventListener("watching", () => KINDS.forEach((kind) => dispatch(kind, {})));
  source.addEventListener("open", () => {
    failures = 0;
    showLine("open");
  });
  source.addEventListener("error", () => {
    showLine("down");
    // After an answer that is no stream, of a proxy for instance, the browser does not try again.
    if (source.readyState === EventSource.CLOSED) again = setTimeout(listen, AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)]);
  });
  source.addEventListener("signed-out", () => end("Your session has ended. Sign in in another tab, then go on here."));
  source.addEventListener("gone", (event) => end(JSON.parse(event.data).reason));
}

function end(reason) {
  hasEnded = true;
  source.close();
  showLine("down");
  sayProblem(reason);
}

/** A line that is down for a while is said, since the page does not change by itself then. */
function showLine(state) {
  const body = document.body;
  if (state === "open" && body.dataset.line === "silent") say("Connected again; the page shows what has changed.");
  if (state === "down" && body.dataset.line === "silent") return;
  body.dataset.line = state;
  clearTimeout(silence);
  if (state === "down" && !hasEnded)
    silence = setTimeout(() => {
      body.dataset.line = "silent";
      say("No connection to the newsroom: the page does not change by itself until it is back.");
    }, SILENT_MS);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return hasEnded ? renewToken() : listen();
  clearTimeout(again);
  clearTimeout(silence);
  source?.close();
});
document.addEventListener("bulletin:signed-in", () => {
  hasEnded = false;
  sayProblem("");
  listen();
});

document.addEventListener("htmx:after:request", (event) => {
  const said = event.detail?.ctx?.response?.headers?.get("X-Said");
  if (said) say(decodeURIComponent(said));
  if (!(event.detail?.ctx?.response?.status < 400)) return;
  sayProblem("");
  // The way back leads to the search as it stood.
  const { sourceElement, request } = event.detail.ctx;
  if (sourceElement?.matches("[data-keep-address]")) history.replaceState(null, "", request.action);
});
document.addEventListener("htmx:error", () => sayProblem("The newsroom does not answer. Try again when the line is back."));

listen();

// The list of views is wider than a phone: the present one is brought into sight.
for (const link of document.querySelectorAll("nav [aria-current]"))
  link.closest("ul").scrollLeft = link.offsetLeft - (link.closest("ul").clientWidth - link.offsetWidth) / 2;
