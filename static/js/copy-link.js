// Copies the address of a section when the "#" at its heading is used. Without this the "#" is a plain link.
const words = document.querySelector("[data-copied]")?.dataset.copied ?? "";
const status = document.createElement("p");
status.className = "visually-hidden no-print";
status.setAttribute("role", "status");
document.querySelector("main")?.append(status);

for (const link of document.querySelectorAll(".heading-link")) {
  link.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      return; // The browser forbids it; the address stands in its own line.
    }
    for (const told of document.querySelectorAll(".heading-link[data-told]")) delete told.dataset.told;
    link.dataset.told = words;
    status.textContent = words;
  });
}
