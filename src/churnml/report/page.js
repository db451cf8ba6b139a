"use strict";
(() => {
  const root = document.documentElement;
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const specs = read("specs"), cells = read("cells"), themes = read("themes"), titles = read("titles"), sheet = read("sheet");
  const runs = new RegExp(`^${sheet.runs}`), bends = new RegExp(`^(?:${sheet.bends})$`, "i");  // as in the lists
  const numbers = new Set(["count", "number", "share", "money"]);
  const chinese = () => root.lang === "zh-CN";
  const text = (element) => (element.querySelector(`[lang="${root.lang}"]`) ?? element).textContent;
  const resolved = (spec, roles) => {
    if (Array.isArray(spec)) return spec.map((each) => resolved(each, roles));
    if (typeof spec === "string" && spec.startsWith("role:")) return roles[spec.slice(5)];
    if (spec === null || typeof spec !== "object") return spec;
    if ("@" in spec) return spec["@"][chinese() ? 1 : 0];
    return Object.fromEntries(Object.entries(spec).map(([key, value]) => [key, resolved(value, roles)]));
  };

  // Tables: the rows behind pictures, sorting, CSV.
  const heads = (table) => [...table.tHead.rows[0].cells];
  const value = (cell, head) => {
    if (!("v" in cell.dataset)) return null;
    return numbers.has(head.dataset.kind) ? Number(cell.dataset.v) : text(cell);
  };
  const asWritten = new Map();  // pictures are drawn from the rows as they were written, however a table is sorted
  document.querySelectorAll("table[data-name]").forEach((table) => asWritten.set(table, [...table.tBodies[0].rows]));
  const rowsOf = (table) => {
    const columns = heads(table);
    return asWritten.get(table).map((row) =>
      Object.fromEntries(columns.map((head, at) => [head.dataset.name, value(row.cells[at], head)])));
  };
  const sort = (head) => {
    const table = head.closest("table"), at = head.cellIndex, down = head.getAttribute("aria-sort") === "ascending";
    heads(table).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const order = (a, b) => {
      const [x, y] = [value(a.cells[at], head), value(b.cells[at], head)];
      if (x === null || y === null) return (x === null) - (y === null);
      const ahead = typeof x === "number" ? x - y : x.localeCompare(y, root.lang, {numeric: true});
      return down ? -ahead : ahead;
    };
    table.tBodies[0].append(...[...table.tBodies[0].rows].sort(order));
  };
  const field = (cell, head) => {
    const told = "v" in cell.dataset ? (numbers.has(head.dataset.kind) ? cell.dataset.v : text(cell)) : "";
    if (numbers.has(head.dataset.kind)) return told;
    if (head.dataset.kind === "id" && sheet.ids === "excel" && bends.test(told)) return `"=""${told.replaceAll('"', '""')}"""`;  // or Excel takes it for another
    const safe = runs.test(told) ? `'${told}` : told;  // or Excel runs it
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csv = (table) => {
    const columns = heads(table);
    const lines = [columns.map((head) => head.dataset.name), ...[...table.tBodies[0].rows].map((row) =>
      columns.map((head, at) => field(row.cells[at], head)))];
    return "\ufeff" + lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
  };
  const take = (table) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv(table)], {type: "text/csv;charset=utf-8"}));
    link.download = `${table.dataset.name}${table.dataset.cell ? `_${table.dataset.cell}` : ""}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  // Pictures are drawn when they come into sight, and all of them before printing.
  const views = new Map();
  const look = () => root.dataset.look === "dark" ? "dark" : "light";
  const narrow = () => window.innerWidth < 640 ? {labelLimit: 150, labelFontSize: 11} : {};
  let last = Promise.resolve();
  const draw = (figure, paper) => last = last.then(() => drawn(figure, paper));  // one after the other
  const drawn = async (figure, paper) => {
    const name = figure.dataset.rows, canvas = figure.querySelector(".canvas");
    const {roles, ...config} = themes[paper ? "light" : look()];
    const spec = resolved(specs[name], roles);
    spec.data = {name: "rows", values: rowsOf(document.getElementById(`table-${name}`))};
    views.get(figure)?.finalize();
    try {
      views.set(figure, await vegaEmbed(canvas, spec, {config: {...config, axis: {...config.axis, ...narrow()}}, actions: false,
        renderer: "svg", tooltip: {theme: "custom"}}));
      canvas.style.minHeight = "";
    } catch (error) {
      views.set(figure, null);
      console.error(name, error);
    }
  };
  const figures = [...document.querySelectorAll("figure.picture")];
  const asked = new Set();
  const first = (figure) => { if (!asked.has(figure)) { asked.add(figure); draw(figure); } };
  const sight = new IntersectionObserver((entries) => entries.filter((one) => one.isIntersecting).forEach((one) => first(one.target)),
    {rootMargin: "400px"});
  figures.forEach((figure) => sight.observe(figure));
  const idle = (then) => setTimeout(then, 30);  // requestIdleCallback may wait for a frame that never comes
  const rest = () => {
    const next = figures.find((figure) => !asked.has(figure));
    if (next) first(next);
    last.then(() => next ? idle(rest) : root.dataset.drawn = "all");
  };
  idle(rest);
  const again = () => [...asked].forEach((figure) => draw(figure));
  window.addEventListener("beforeprint", () => figures.forEach((figure) => draw(figure, true)));
  window.addEventListener("afterprint", again);

  // Language and look.
  const speak = (lang) => {
    root.lang = lang;
    document.title = titles[chinese() ? 1 : 0];
    document.getElementById("language").textContent = chinese() ? "English" : "中文";
    document.getElementById("language").lang = "";
  };
  document.getElementById("language").addEventListener("click", () => { speak(chinese() ? "en" : "zh-CN"); again(); });
  document.getElementById("look").addEventListener("click", () => { root.dataset.look = look() === "dark" ? "light" : "dark"; again(); });
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  root.dataset.look = night.matches ? "dark" : "light";
  night.addEventListener("change", () => { root.dataset.look = night.matches ? "dark" : "light"; again(); });
  speak(root.lang);

  // Whom a cell holds.
  const open = (button) => {
    const box = document.getElementById(button.getAttribute("aria-controls")), shut = button.getAttribute("aria-expanded") === "true";
    box.closest("figure").querySelectorAll("button.cell").forEach((other) => other.setAttribute("aria-expanded", "false"));
    box.hidden = shut;
    if (shut) return;
    button.setAttribute("aria-expanded", "true");
    const table = box.querySelector("table"), kinds = heads(table).map((head) => head.dataset.kind);
    heads(table).forEach((head) => head.removeAttribute("aria-sort"));
    table.dataset.cell = button.dataset.cell.replace(/^[^-]*-/, "");
    const down = button.closest("tr").cells[0], right = table && button.closest("table").tHead.rows[0].cells[button.parentElement.cellIndex];
    box.querySelector("h4").replaceChildren(...down.cloneNode(true).childNodes, " × ", ...right.cloneNode(true).childNodes);
    table.tBodies[0].replaceChildren(...cells[button.dataset.cell].map((row) => {
      const tr = document.createElement("tr");
      tr.append(...row.map(([behind, english, other], at) => {
        const td = document.createElement("td");
        if (behind !== null) td.dataset.v = behind;
        if (numbers.has(kinds[at])) td.className = "number";
        if (other === undefined) td.textContent = english;
        else for (const [lang, words] of [["en", english], ["zh-CN", other]]) {
          const span = document.createElement("span");
          span.lang = lang; span.textContent = words; td.append(span);
        }
        return td;
      }));
      return tr;
    }));
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (!button) return;
    if (button.classList.contains("sort")) sort(button.closest("th"));
    else if (button.classList.contains("csv")) take(document.getElementById(button.dataset.table));
    else if (button.dataset.cell) open(button);
  });
  root.dataset.ready = "yes";
})();
