// Changes by fetch(), and the lines that tell people about them. Without side effects: the page's scripts share it.

/** Content of a meta element of the page. */
export const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

/** Header that every change by fetch() needs. */
export const csrfHeaders = () => ({ "X-CSRF-Token": meta("csrf-token") });

const NEW_MS = 8000;
let isOld = 0;

/** Put a text on the status line, which screen readers speak; for some seconds it is in sight wherever the page stands. */
export function say(text) {
  const region = document.getElementById("status");
  if (!region) return;
  const line = document.createElement("p");
  line.textContent = text;
  region.replaceChildren(line);
  region.classList.add("is-new");
  clearTimeout(isOld);
  isOld = setTimeout(() => region.classList.remove("is-new"), NEW_MS);
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
  const ask = () =>
    fetch(address, { method: "POST", body, headers: { ...csrfHeaders(), "HX-Request": "true" } }).catch(() => {
      throw new Error("The newsroom does not answer; your text is still here. Try again when the line is back.");
    });
  let answer = await ask();
  if (answer.status === 403 && (await renewToken())) answer = await ask();
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

/** A page, or a part of one, as a document; null where the line is down, or breaks off as the browser goes elsewhere. */
export async function fetchPage(address) {
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}

/** A refused answer as an Error whose message is for people. */
async function refusal(answer) {
  const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
  body.querySelector("a")?.remove(); // its words would stand at the end of the sentence
  return new Error(body.textContent.trim() || answer.statusText);
}

/** Address of a sound, once the server has made it; a refusal is an Error whose message is for people. */
export async function fetchSound(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => {
    throw new Error("The newsroom does not answer. Try again when the line is back.");
  });
  if (!answer.ok) throw await refusal(answer);
  return URL.createObjectURL(await answer.blob());
}

/**
 * Take the form token of a sign-in in another tab, so that this page goes on where its session had ended.
 * Resolves to false where the token is the same, or somebody else has signed in.
 */
export async function renewToken() {
  const fresh = await fetchPage("/account");
  if (!fresh) return false;
  const [old, token] = [document, fresh].map((page) => page.querySelector('meta[name="csrf-token"]'));
  const [user, now] = [document, fresh].map((page) => page.querySelector(".masthead .user")?.textContent);
  if (!token || token.content === old.content || user !== now) return false;
  old.content = token.content;
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = token.content;
  document.body.setAttribute("hx-headers:inherited", fresh.body.getAttribute("hx-headers:inherited"));
  document.dispatchEvent(new Event("bulletin:signed-in"));
  return true;
}
