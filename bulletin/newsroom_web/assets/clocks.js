// Clocks and countdowns, moved on from the server's time: a phone's own clock may be wrong.

const two = (number) => String(number).padStart(2, "0");

/** "17:55", "1:02:00", "3 days": as the server writes it. */
export function timeLeft(seconds) {
  const left = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(left / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  const minutes = Math.floor((left % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}

const timeOfDay = (moment) => `${two(moment.getUTCHours())}:${two(moment.getUTCMinutes())}:${two(moment.getUTCSeconds())}`;

/** "2:03" of seconds. */
export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${two(Math.floor(seconds % 60))}`;

const put = (element, text) => element && element.textContent !== text && (element.textContent = text);

/** Milliseconds by which the server's clock is ahead of this one, from an element's data-now. */
const aheadOf = (element) => Number(element.dataset.now) - (performance.timeOrigin + performance.now());

/** Tick every clock below `root`; `whenDue` is called once, when a slot has come. */
export function startClocks(root, whenDue = () => {}) {
  const ahead = new WeakMap();
  let cameDue = 0;
  const tick = () => {
    for (const element of root.querySelectorAll("[data-now]")) {
      // A device that slept has lost time: the server's time comes anew with each change of the page.
      if (ahead.get(element)?.since !== element.dataset.now) ahead.set(element, { since: element.dataset.now, ms: aheadOf(element) });
      const now = performance.timeOrigin + performance.now() + ahead.get(element).ms;
      const due = Number(element.dataset.due);
      const offset = Number(element.dataset.offset ?? 0) * 60_000;
      put(element.querySelector("[data-clock=station]"), timeOfDay(new Date(now + offset)));
      put(element.querySelector("[data-clock=utc]"), timeOfDay(new Date(now)));
      const left = element.querySelector("[data-clock=left]") ?? (element.children.length ? null : element);
      if (!due || !left) continue;
      put(left, timeLeft((due - now) / 1000));
      left.parentElement?.classList.toggle("is-near", due - now < 120_000);
      if (due <= now && cameDue !== due) {
        cameDue = due;
        whenDue();
      }
    }
  };
  tick();
  setInterval(tick, 500);
}
