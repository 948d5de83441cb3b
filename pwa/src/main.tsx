import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/shell.css";
import "./styles/camera.css";
import "./styles/receive.css";
import "./styles/unit.css";
import "./theme";
import { render } from "preact";
import { App } from "./app";
import { addFirstTexts } from "./i18n/t";
import { keepInstallQuestion } from "./install/offer";
import { forgetOld, retryStuck } from "./offline/outbox";
import { startSending } from "./offline/sender";
import { watchStorage } from "./offline/storage";
import { countUnsent } from "./offline/unsent";
import { route } from "./router";
import { bringAhead } from "./routes";
import { areCodesWanted, onCode } from "./scan/codes";
import { unlockSound } from "./scan/feedback";
import { listenToWedge } from "./scan/wedge";
import { resume, sessionState, username } from "./session";
import { registerServiceWorker } from "./updates";

const root = document.getElementById("app");
if (!root) throw new Error("index.html has no #app");
const isResumed = resume();
// While the server says who is logged in.
bringAhead(route.value.path);
await addFirstTexts();
render(<App />, root);

keepInstallQuestion();
unlockSound();
listenToWedge(document, text => onCode({ text, raw: null, symbology: "", source: "wedge" }), areCodesWanted);
countUnsent();

await isResumed;
// Rows that an older build could not get rid of have a new chance with this one.
await retryStuck();
// Only a device that an older build has counted with.
if (Object.keys(localStorage).some(key => key.startsWith("count-scans:"))) {
  await (await import("./counting/pending")).movePending();
}
startSending(() => (sessionState.value === "in" ? username.value : null));
// A session that was only remembered is checked as soon as the server can be asked.
addEventListener("online", () => void resume());
/** No screen waits for it. Where the network has gone meanwhile, it is asked for again. */
const goOnBeside = () =>
  import("./offline/after-start").then(
    beside => beside.start(),
    () => setTimeout(goOnBeside, 30_000),
  );
setTimeout(goOnBeside, 1000);
void forgetOld();
void watchStorage();
void registerServiceWorker();
