// Opens the steps of this device, and finds out whether it trusts the certificate already.
const appUrl = document.body.dataset.appUrl;
const answer = document.getElementById("answer");

function platform() {
  const agent = navigator.userAgent;
  if (/Android/.test(agent)) return "android";
  // An iPad calls itself a Mac; only the iPad has a touch screen.
  if (/iPhone|iPad/.test(agent) || (/Macintosh/.test(agent) && navigator.maxTouchPoints > 1)) return "ios";
  if (/Firefox/.test(agent)) return "firefox";
  if (/Windows/.test(agent)) return "windows";
  if (/Macintosh/.test(agent)) return "macos";
  return "linux";
}

// Any answer over HTTPS proves the certificate; without trust the request fails.
async function isTrusted() {
  try {
    const address = new URL("connect/trusted", appUrl);
    return (await fetch(address, { cache: "no-store", signal: AbortSignal.timeout(8000) })).ok;
  } catch {
    return false;
  }
}

const steps = document.querySelector(`details[data-platform="${platform()}"]`);
steps.parentElement.querySelector("h2").after(steps);
steps.open = true;

document.getElementById("test").addEventListener("click", async (event) => {
  event.target.disabled = true;
  answer.className = "";
  answer.textContent = "Testing …";
  if (await isTrusted()) {
    answer.textContent = "It works.";
    location.assign(appUrl);
  } else {
    answer.className = "bad";
    answer.textContent = "Not yet: this device does not trust the certificate. Go through step 1 to its end and test again.";
  }
  event.target.disabled = false;
});

if (await isTrusted()) {
  document.getElementById("ready").hidden = false;
  document.getElementById("steps").hidden = true;
}
