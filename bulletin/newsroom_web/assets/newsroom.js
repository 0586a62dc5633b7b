// The newsroom's shell: live changes, status line, problems. Every page loads it; nothing depends on it.

const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

/** Header that every change by fetch() needs. */
export const csrfHeaders = () => ({ "X-CSRF-Token": meta("csrf-token") });

/** Put a text on the status line, which screen readers speak. */
export function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  document.getElementById("status")?.replaceChildren(line);
}

/** Show a problem; an empty text clears it. */
export function sayProblem(text) {
  const region = document.getElementById("problem");
  if (!text) return region?.replaceChildren();
  const line = document.createElement("p");
  line.className = "problem";
  line.textContent = text;
  region?.replaceChildren(line);
}

/**
 * Send a change as a form; resolves to the answer. A refusal is an Error whose message is for people.
 * @param {string} address
 * @param {Record<string, string | number | Blob>} fields
 */
export async function send(address, fields) {
  const hasFile = Object.values(fields).some((value) => value instanceof Blob);
  const body = hasFile ? new FormData() : new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) body.append(name, value instanceof Blob ? value : String(value));
  const headers = { ...csrfHeaders(), "HX-Request": "true" };
  const answer = await fetch(address, { method: "POST", body, headers, redirect: "follow" }).catch(() => {
    throw new Error("The newsroom does not answer; your text is still here. Try again when the line is back.");
  });
  if (!answer.ok) {
    const text = new DOMParser().parseFromString(await answer.text(), "text/html").body.textContent.trim();
    throw new Error(text || answer.statusText);
  }
  return answer;
}

function listen() {
  const address = meta("bulletin-events");
  if (!address) return;
  const source = new EventSource(address);
  let wasOpen = false;
  for (const kind of ["edits", "requests", "coming", "slots", "bulletins"])
    source.addEventListener(kind, (event) => dispatch(kind, JSON.parse(event.data)));
  source.addEventListener("open", () => {
    // Changes may have passed while the line was down.
    if (wasOpen) for (const kind of ["edits", "requests", "coming", "slots", "bulletins"]) dispatch(kind, {});
    wasOpen = true;
    document.body.dataset.line = "open";
  });
  source.addEventListener("error", () => (document.body.dataset.line = "down"));
  source.addEventListener("signed-out", () => {
    source.close();
    sayProblem("Your session has ended. Sign in in another tab, then go on here.");
  });
}

const dispatch = (kind, detail) => document.body.dispatchEvent(new CustomEvent(`bulletin:${kind}`, { detail }));

document.addEventListener("htmx:after:request", (event) => {
  const said = event.detail?.ctx?.response?.headers?.get("X-Said");
  if (said) say(decodeURIComponent(said));
  if (event.detail?.ctx?.response?.raw?.ok ?? event.detail?.ctx?.response?.status < 400) sayProblem("");
});

listen();

// The list of views is wider than a phone: the present one is brought into sight.
for (const link of document.querySelectorAll("nav [aria-current]"))
  link.closest("ul").scrollLeft = link.offsetLeft - (link.closest("ul").clientWidth - link.offsetWidth) / 2;
