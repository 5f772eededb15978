// Comfort only: every page works without this. Sorting of tables, suggestions of the search.
const english = document.documentElement.lang === "en";

function cellValue(row, index) {
  const cell = row.cells[index];
  const text = cell ? cell.textContent.trim() : "";
  const plain = english ? text.replace(/,/g, "") : text.replace(/\./g, "").replace(",", ".");
  const value = Number.parseFloat(plain);
  return /^[-~\d]/.test(plain) && !Number.isNaN(value) ? value : text;
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number") return -1;
  if (typeof b === "number") return 1;
  return a.localeCompare(b, english ? "en" : "it");
}

function sortBy(table, header, index) {
  const ascending = header.getAttribute("aria-sort") !== "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
  for (const body of table.tBodies) {
    const rows = [...body.rows].filter((row) => row.cells.length > 1);
    rows.sort((a, b) => compare(cellValue(a, index), cellValue(b, index)) * (ascending ? 1 : -1));
    body.append(...rows);
  }
}

function makeSortable(table) {
  [...table.tHead.rows[0].cells].forEach((header, index) => {
    const name = header.textContent.trim();
    if (!name || header.querySelector(".visually-hidden")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort-button";
    button.textContent = name;
    button.addEventListener("click", () => sortBy(table, header, index));
    header.replaceChildren(button);
  });
}

const kinds = JSON.parse(document.body.dataset.kinds ?? "{}");

// The same name of the same kind is suggested once: the page of the search tells its bearers apart.
function each(hits) {
  const named = new Map();
  for (const hit of hits) {
    const name = `${hit.kind} ${hit.label.toLowerCase()}`;
    if (!named.has(name)) named.set(name, hit);
  }
  return [...named.values()];
}

function suggest(input) {
  const list = document.createElement("ul");
  list.id = `${input.id}-list`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", english ? "Suggestions" : "Suggerimenti");
  list.hidden = true;
  input.parentElement.append(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-controls": list.id, "aria-expanded": "false", "aria-autocomplete": "list" })) {
    input.setAttribute(name, value);
  }
  let timer = 0, chosen = -1, controller = new AbortController();

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function choose(index) {
    const options = [...list.children];
    chosen = (index + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    input.setAttribute("aria-activedescendant", options[chosen].id);
  }
  async function ask() {
    controller.abort();
    controller = new AbortController();
    const text = input.value.trim();
    if (text.length < 3) return close();
    const url = new URL(input.dataset.suggest, location.href);
    url.searchParams.set("q", text);
    try {
      const response = await fetch(url, { headers: { accept: "application/json" }, signal: controller.signal });
      const found = each((await response.json()).hits.filter((hit) => hit.page)).slice(0, 7);
      list.replaceChildren(...found.map((hit, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const kind = document.createElement("small");
        kind.textContent = kinds[hit.kind] ?? hit.kind;
        option.append(hit.label, " ", kind);
        option.setAttribute("aria-label", hit.label);
        option.setAttribute("aria-description", kind.textContent);
        option.addEventListener("mousedown", (event) => { event.preventDefault(); location.href = hit.page; });
        option.dataset.page = hit.page;
        return option;
      }));
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
      chosen = -1;
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.href = list.children[chosen].dataset.page; }
  });
}

document.querySelectorAll("table[data-sortable]").forEach(makeSortable);
document.querySelectorAll("input[data-suggest]").forEach(suggest);
