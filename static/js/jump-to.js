// Marks the section being read in the jump-to list. The page is complete without it.
const reached = new Map();
const links = new Map();
for (const link of document.querySelectorAll(".jump-to__link")) {
  const heading = document.getElementById(link.hash.slice(1));
  if (heading) links.set(heading, link);
}

// The watched area starts far above the page and ends a third down the window, so
// a heading counts as reached even when the reader jumps over it.
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) reached.set(entry.target, entry.isIntersecting);
  let current;
  for (const [heading, link] of links) {
    link.removeAttribute("aria-current");
    if (reached.get(heading)) current = link;
  }
  current?.setAttribute("aria-current", "location");
}, { rootMargin: "1000000px 0px -66% 0px" });
for (const heading of links.keys()) watcher.observe(heading);
