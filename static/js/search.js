// Suggests pages under a search box as somebody types. Without it the form finds the same pages.
// What is typed is sent to this site alone, and kept neither here nor there.
const WAIT_MS = 150;
const MIN_LETTERS = 2;

let boxes = 0;
for (const form of document.querySelectorAll("form[data-suggestions]")) suggest(form);

function suggest(form) {
  const input = form.querySelector("input[type=search]");
  const list = document.createElement("ul");
  const status = document.createElement("p");
  list.id = `search-suggestions-${(boxes += 1)}`;
  list.className = "search-box__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.dataset.label);
  list.hidden = true;
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  })) input.setAttribute(name, value);
  input.after(list);
  form.append(status);

  let timer;
  let request;
  let chosen = -1;

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  };

  const choose = (index) => {
    chosen = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = list.children[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const open = () => {
    if (list.children.length === 0) return;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  };

  const go = (option) => {
    close();
    location.assign(option.dataset.address);
  };

  const show = ([, names = [], kinds = [], addresses = []]) => {
    list.replaceChildren(...names.map((name, at) => {
      const option = document.createElement("li");
      const kind = document.createElement("span");
      option.id = `${list.id}-${at}`;
      option.className = "search-box__option";
      option.classList.toggle("search-box__option--call", addresses[at].startsWith("tel:"));
      option.dataset.address = addresses[at];
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      kind.className = "search-box__kind";
      kind.textContent = kinds[at];
      option.append(name, " ", kind);
      return option;
    }));
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    status.textContent = names.length === 0 ? form.dataset.none : form.dataset.count.replace("{count}", names.length);
    if (names.length === 0) close();
    else open();
  };

  const ask = async () => {
    request?.abort();
    const typed = input.value.trim();
    if (typed.length < MIN_LETTERS) {
      list.replaceChildren();
      status.textContent = "";
      close();
      return;
    }
    const own = (request = new AbortController());
    try {
      const answer = await fetch(`${form.dataset.suggestions}?q=${encodeURIComponent(typed)}`, {
        signal: own.signal,
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
      });
      if (!answer.ok) throw new Error("no suggestions");
      const found = await answer.json();
      if (own === request && !own.signal.aborted && document.activeElement === input) show(found);
    } catch {
      // Aborted, slow or offline: the form still works.
      if (own === request && !own.signal.aborted) {
        list.replaceChildren();
        close();
      }
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const count = list.children.length;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (count === 0) return;
      event.preventDefault();
      if (event.altKey) return event.key === "ArrowDown" ? open() : close();
      // Who chooses from a list keeps it: another one that comes late would take the choice away.
      clearTimeout(timer);
      request?.abort();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (!isOpen) {
        open();
        return choose(step === 1 ? 0 : count - 1);
      }
      // Before the first and after the last one the text itself is chosen.
      const next = chosen + step;
      choose(next < -1 ? count - 1 : next >= count ? -1 : next);
    } else if (event.key === "Enter" && isOpen && chosen >= 0) {
      event.preventDefault();
      go(list.children[chosen]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    }
  });

  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // The input keeps the focus while somebody points at the list.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
}
