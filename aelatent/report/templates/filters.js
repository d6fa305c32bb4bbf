/* Search, filters and order of a table of claims. Without them the whole table is shown. */
"use strict";
(() => {
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const one = (query, root = document) => root.querySelector(query);
  const filters = one(".filters");
  if (!filters) return;
  const table = one(`#${filters.dataset.table}`), rows = all("tr[data-a]", table);
  const search = one("input", filters), selects = all("select[data-key]", filters);
  const sort = one("select[data-sort]", filters), status = one("[role=status]", filters);
  const texts = new Map(rows.map(row => [row, row.textContent.toLowerCase()]));
  const home = new Map(rows.map(row => [row, row.parentNode]));
  const bodies = [...new Set(home.values())], pool = document.createElement("tbody");
  filters.hidden = false;

  const fits = (row, key, value) =>
    key === "f" ? ` ${row.dataset.f} `.includes(` ${value} `) : row.dataset[key] === value;

  function narrow() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const stays = words.every(word => texts.get(row).includes(word)) &&
        selects.every(s => !s.value || fits(row, s.dataset.key, s.value));
      row.hidden = !stays;
      shown += stays;
    }
    for (const body of bodies) body.hidden = !all("tr[data-a]", body).some(row => !row.hidden);
    const family = (selects.find(s => s.dataset.key === "f") || {}).value || "";
    for (const cell of all("[data-c]", table)) cell.hidden = family !== "" && cell.dataset.c !== family;
    status.textContent = `${shown} of ${rows.length} claims`;
  }

  function order() {
    const key = sort && sort.value;
    if (!key) {
      pool.remove();
      for (const row of rows) home.get(row).append(row);
      return;
    }
    pool.setAttribute("role", "rowgroup");
    const by = row => (key === "i" ? row.dataset.i : `${row.dataset[key].padStart(4, "0")} ${row.dataset.i}`);
    pool.append(...[...rows].sort((a, b) => (by(a) < by(b) ? -1 : 1)));
    table.append(pool);
  }

  function apply() { order(); narrow(); }
  for (const input of [search, ...selects, sort].filter(Boolean)) input.addEventListener("input", apply);
  for (const link of all("a[data-set]")) {
    link.addEventListener("click", event => {
      const [key, value] = link.dataset.set.split(":");
      event.preventDefault();
      search.value = "";
      for (const s of selects) s.value = s.dataset.key === key ? value : "";
      apply();
      filters.scrollIntoView();
      search.focus({ preventScroll: true });
    });
  }
  const measure = () => document.documentElement.style.setProperty("--filters", `${filters.offsetHeight}px`);
  addEventListener("resize", measure);
  measure();
  apply();
})();
