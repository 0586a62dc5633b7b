// "Next bulletin": autosave, running order, listening, recording, countdown. The page works without it.
import { startClocks } from "../clocks.js";
import { startAutosave, watchPage } from "./autosave.js";
import { refresh, startList } from "./story_list.js";
import { startListening } from "./listen.js";
import { startAttaching, startRecorders, watchRecordings } from "./record_clip.js";

const page = document.getElementById("next");
document.documentElement.classList.add("js");
startAutosave(page);
watchPage();
startList();
startListening(page, document.getElementById("listen-player"));
startRecorders(page);
startAttaching(page);
watchRecordings();
startClocks(page, () => setTimeout(refresh, 1500));
document.addEventListener("bulletin:cards", (event) => startRecorders(event.detail));
