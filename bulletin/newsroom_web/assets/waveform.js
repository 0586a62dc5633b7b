// Waveform beside a player: click to seek, marks that jump, a line that moves. Without it the player works alone.

const player = document.querySelector(".player");
const audio = player?.querySelector("audio");
const wave = player?.querySelector("[data-wave]");

if (audio && wave) {
  const duration = () => (Number.isFinite(audio.duration) ? audio.duration : Number(wave.dataset.duration)) || 1;
  const line = wave.querySelector(".now");
  const seek = (seconds) => {
    audio.currentTime = Math.max(0, Math.min(seconds, duration()));
    audio.play();
  };

  wave.classList.add("can-seek");
  wave.addEventListener("click", (event) => {
    const box = wave.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * duration());
  });
  for (const mark of player.querySelectorAll("[data-seek]"))
    mark.addEventListener("click", (event) => {
      event.preventDefault();
      seek(Number(mark.dataset.seek));
    });
  audio.addEventListener("timeupdate", () => {
    const x = (audio.currentTime / duration()) * 1000;
    line.setAttribute("d", `M${x.toFixed(1)} 0V112`);
  });
}
