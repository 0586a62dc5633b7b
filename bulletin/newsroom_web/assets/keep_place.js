// Parts of a page that are replaced while somebody works in it: the focus and what was opened stay.

const CONTROLS = "a, button, summary, input:not([type=hidden]), select, textarea, audio";
const labelOf = (control) => control.getAttribute("aria-label") ?? control.labels?.[0]?.textContent ?? control.textContent.trim();

/** The control below `root` that does what `control` did: of the same id, or of the same kind and label. */
export function findTwin(control, root) {
  const isTwin = (other) => other.tagName === control.tagName && labelOf(other) === labelOf(control);
  return (control.id && root.querySelector(`#${CSS.escape(control.id)}`)) || [...root.querySelectorAll(CONTROLS)].find(isTwin);
}

/** Give the focus to a control, or to a part of the page, which is no control. */
export function focusOn(element) {
  if (!element.matches(CONTROLS)) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/** Put the children of `fresh` in place of those of `old`; equal ones stay. */
export function swapChildren(old, fresh) {
  if (old.innerHTML === fresh.innerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const twin = focused && findTwin(focused, fresh);
  for (const opened of old.querySelectorAll("details[open][class]")) {
    const again = fresh.querySelector(`details.${opened.classList[0]}`);
    if (again) again.open = true;
  }
  old.replaceChildren(...fresh.childNodes);
  if (focused) focusOn(twin ?? old);
}
