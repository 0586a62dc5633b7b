// Mix point on the waveform: a slider over the picture, by mouse, finger or arrow keys; the number field says the same.
// Without it the number field works alone.

for (const form of document.querySelectorAll("form.mix")) {
  const picture = form.closest(".jingle").querySelector(".mix-picture");
  const field = form.querySelector('[name="mix_s"]');
  const duration = Number(form.dataset.duration);
  const wave = picture?.querySelector(".wave");
  if (!wave || !field || !duration) continue;

  const slider = document.createElement("input");
  const name = form.querySelector('[name="jingle"]').value;
  const start = Number.parseFloat(field.value || field.placeholder) || duration;
  Object.assign(slider, { type: "range", min: 0, max: duration, step: 0.01 });
  slider.value = Math.min(start, duration);
  slider.setAttribute("aria-label", `Mix point of the ${name}`);
  picture.append(slider);

  const mark = wave.querySelector(".now") ?? wave.appendChild(svg("path", "now"));
  const under = wave.querySelector(".under") ?? wave.insertBefore(svg("rect", "under"), wave.firstChild);
  const draw = () => {
    const x = ((slider.value / duration) * 1000).toFixed(1);
    mark.setAttribute("d", `M${x} 0V100`);
    for (const [key, value] of Object.entries({ x, y: 0, width: 1000 - x, height: 100 })) under.setAttribute(key, value);
    slider.setAttribute("aria-valuetext", `speech starts at ${Number(slider.value).toFixed(2)} seconds`);
  };
  slider.addEventListener("input", () => {
    field.value = Number(slider.value).toFixed(2);
    draw();
  });
  field.addEventListener("input", () => {
    slider.value = field.value === "" ? start : field.value;
    draw();
  });
  draw();
  addListenButton(form, slider);
}

/** Play from two seconds before the mix point. */
function addListenButton(form, slider) {
  const audio = form.closest(".jingle").querySelector("audio");
  if (!audio) return;
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Hear it from there" });
  button.addEventListener("click", () => {
    audio.currentTime = Math.max(0, Number(slider.value) - 2);
    audio.play();
  });
  form.append(button);
}

function svg(tag, className) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  element.setAttribute("class", className);
  return element;
}
