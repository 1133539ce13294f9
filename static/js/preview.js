// Shows an editor each change: asks our own server for news of this page, and loads
// the page again when it has become another one. Only previews have this file.
//
// The server says in a header which version of the page is open. With that the
// stream can be closed and opened at any time, and no change is ever missed.
const [opened] = performance.getEntriesByType("navigation");
const version = opened?.serverTiming?.find((entry) => entry.name === "page")?.description;
const PLACE = "signpost-preview-place";
const RETRY_MS = 1000;

// The heading that was last above the eye, and how far; it may stand elsewhere after the edit.
function rememberPlace() {
  const headings = [...document.querySelectorAll("main [id]")];
  const above = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3).pop();
  const place = { path: location.pathname, top: scrollY, id: above?.id, offset: above?.getBoundingClientRect().top };
  sessionStorage.setItem(PLACE, JSON.stringify(place));
}

function returnToPlace() {
  const place = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
  sessionStorage.removeItem(PLACE);
  if (place?.path !== location.pathname) return;
  const heading = place.id && document.getElementById(place.id);
  const top = heading ? scrollY + heading.getBoundingClientRect().top - place.offset : place.top;
  scrollTo({ top, behavior: "instant" });
}

// The browser's own place would count from the top, and come after ours.
let isLoadingAgain = false;
function loadAgain() {
  rememberPlace();
  isLoadingAgain = true;
  location.reload();
}

// A browser opens only a few streams to one server, so pages that nobody looks at have none.
let stream;
function listen() {
  stream?.close();
  stream = undefined;
  if (document.hidden) return;
  const asked = new URLSearchParams({ page: location.pathname, has: version });
  stream = new EventSource(`/preview/events?${asked}`);
  stream.addEventListener("changed", loadAgain);
  // Chromium tries again by itself when the server is away, Firefox gives up.
  stream.addEventListener("error", () => {
    if (stream?.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MS);
  });
}

if (version) {
  returnToPlace();
  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => {
    history.scrollRestoration = isLoadingAgain ? "manual" : "auto";
    stream?.close();
  });
  addEventListener("pageshow", listen);
}
