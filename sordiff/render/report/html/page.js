"use strict";
// The page is whole without this: every row stands in a <noscript> as finished, escaped HTML, one a
// line, and is never taken apart into values again. Here the lines are read once, and only those of
// the page in view become elements, so that sixty thousand changes cost no more than fifty. A page of
// very many has only the first rows of each list so; the others are packed, and are unpacked here
// when the first are shown.
(() => {
  const PAGE = 50;
  const PRINTED = 2000;
  const OPENED = 3; // so many groups open by themselves where something is found in them
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  root.classList.add("live");

  // ---- light and dark
  const theme = byId("theme");
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const tellTheme = () => theme.setAttribute("aria-pressed", String(dark()));
  const remember = (act) => { try { return act(); } catch { return null; } }; // file:// may forbid it
  const kept = remember(() => localStorage.getItem("sordiff-theme"));
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  theme.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    remember(() => localStorage.setItem("sordiff-theme", root.dataset.theme));
    tellTheme();
  });
  tellTheme();

  const form = byId("filter");
  if (!form) return; // nothing changed

  const facts = JSON.parse(byId("facts").textContent);
  const say = (name, values) =>
    Object.entries(values || {}).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), facts.words[name]);
  const numbers = new Intl.NumberFormat(root.lang === "da" ? "da-DK" : "en-GB");
  const number = (value) => numbers.format(value);
  const collator = new Intl.Collator(root.lang, { numeric: true, sensitivity: "base" });

  // ---- the rows: parallel arrays, since objects would cost more than the filter does
  const html = [], kind = [], owner = [], region = [], rowOf = new Map();
  const lists = [];

  const examples = new Set([...document.querySelectorAll("[data-change]")].map((one) => one.dataset.change));

  function take(rows, lines) {
    for (const line of lines) {
      const [k, o, r, change] = line.slice(12, line.indexOf('"', 12)).split(" ");
      rows.push(html.length);
      if (examples.has(change)) rowOf.set(change, html.length);
      html.push(line), kind.push(+k), owner.push(+o), region.push(+r);
    }
  }

  function read(source) {
    const text = source.textContent;
    const begin = text.indexOf("\n<tr "), end = text.lastIndexOf("\n</tbody>");
    const rows = [];
    take(rows, begin < 0 ? [] : text.slice(begin + 1, end).split("\n"));
    const place = document.createElement("div");
    place.className = "list";
    source.before(place);
    const section = source.closest("[data-part]");
    const count = section.querySelector("[data-count]");
    lists.push({
      place, rows, shown: rows, section, page: 0, all: false, column: -1, down: false, drawn: false,
      card: section.tagName === "DETAILS" ? section : null, before: null,
      head: text.slice(0, begin), tail: text.slice(end),
      // Of a section the rows are those in no group; how many there are in all stands in its heading.
      count, whole: count && count.textContent, of: count && (count.dataset.count || count.textContent),
      packed: source.dataset.packed ? source.nextElementSibling : null, // what says how many are packed
    });
  }

  // ---- the packed rows: none, yet to be unpacked ("unpacking"), or not to be had ("unpacked.not")
  const packed = byId("packed");
  let missing = packed ? "unpacking" : null;

  async function unpack() {
    const written = atob(packed.textContent);
    const bytes = new Uint8Array(written.length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = written.charCodeAt(at);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).text();
  }

  function takeUnpacked(text) {
    const waiting = lists.filter((list) => list.packed);
    text.split("\n\n").forEach((lines, at) => take(waiting[at].rows, lines.split("\n")));
    for (const list of waiting) list.packed.hidden = true;
    packed.textContent = "";
    missing = null;
  }

  const ENTITIES = { amp: "&", lt: "<", gt: ">", "#34": '"', "#39": "'" };
  function textOf(line) {
    const bare = line.replace(/<[^>]*>/g, " ");
    return bare.includes("&") ? bare.replace(/&(amp|lt|gt|#34|#39);/g, (_, name) => ENTITIES[name]) : bare;
  }
  const folded = (text) => (/[\u0300-\u036f]/.test(text) ? text.normalize("NFC") : text).toLowerCase();
  const texts = [];
  function readTexts(deadline) {
    while (texts.length < html.length && (!deadline || texts.length % 500 || deadline.timeRemaining() > 5))
      texts.push(folded(textOf(html[texts.length]).replace(/\s+/g, " ")));
    if (texts.length < html.length) requestIdleCallback(readTexts);
    return texts;
  }

  // ---- filter
  const search = byId("search"), owners = byId("owner"), regions = byId("region");
  const chips = [...form.querySelectorAll("button[data-kind]")];

  const ownerNames = facts.owners.map(folded);

  function wanted() {
    const words = folded(search.value).split(/\s+/).filter(Boolean);
    const ownerWords = folded(owners.value).split(/\s+/).filter(Boolean);
    const kinds = new Set(chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => +chip.dataset.kind));
    const ownerFits = ownerWords.length
      ? ownerNames.map((name) => ownerWords.every((word) => name.includes(word))) : null;
    const chosen = regions && regions.value !== "" ? +regions.value : null;
    const active = words.length || ownerFits || kinds.size || chosen !== null;
    if (!active) return null;
    const hay = words.length ? readTexts() : null;
    return (row) =>
      (!kinds.size || kinds.has(kind[row])) && (chosen === null || region[row] === chosen) &&
      (!ownerFits || ownerFits[owner[row]]) && (!hay || words.every((word) => hay[row].includes(word)));
  }

  function filter() {
    const fits = wanted();
    let shown = 0, opened = 0;
    for (const list of lists) {
      list.shown = fits ? list.rows.filter(fits) : list.rows;
      list.page = 0;
      shown += list.shown.length;
      list.section.hidden = !list.shown.length && list.rows.length > 0;
      if (list.count) list.count.textContent = fits
        ? say("of", { shown: number(list.shown.length), all: list.of }) : list.whole;
      if (list.card) {
        unfold(list, fits, opened < OPENED);
        for (const one of list.card.querySelectorAll("[data-change]")) {
          const row = rowOf.get(one.dataset.change);
          one.hidden = Boolean(fits) && (row === undefined || !fits(row));
        }
      }
      opened += Boolean(list.card && list.card.open);
      sort(list);
      draw(list);
    }
    byId("clear").hidden = !fits;
    byId("nothing").hidden = shown > 0 || !html.length || missing !== null;
    byId("shown").textContent = missing ? say(missing) :
      say(shown < facts.total ? "shown" : facts.total === 1 ? "one" : "all", { shown: number(shown), all: number(facts.total) });
  }

  // A filter opens the first groups in which it finds something, and leaves them as they were.
  function unfold(list, fits, may) {
    if (fits && list.before === null) list.before = list.card.open;
    if (fits) list.card.open = may && list.shown.length > 0;
    else if (list.before !== null) list.card.open = list.before;
    if (!fits) list.before = null;
  }

  // ---- sort
  function keyOf(line, column) {
    const cell = line.split(/<t[dh]\b/)[column + 1] || "";
    const day = cell.indexOf('datetime="');
    return day >= 0 ? cell.slice(day + 10, day + 20) : textOf("<" + cell).trim();
  }
  function sort(list) {
    if (list.column < 0) return;
    const keyed = list.shown.map((row) => [keyOf(html[row], list.column), row]);
    const way = list.down ? -1 : 1;
    // What has nothing in this column stands last, whichever way.
    keyed.sort(([a, i], [b, j]) => (!a - !b) || way * collator.compare(a, b) || i - j);
    list.shown = keyed.map(([, row]) => row);
  }

  // ---- draw
  function draw(list, everything = false) {
    if (list.card && !list.card.open) {
      if (list.drawn) list.place.textContent = "";
      list.drawn = false;
      return;
    }
    const size = everything ? PRINTED : list.all ? list.shown.length : PAGE;
    const from = list.page * PAGE, to = Math.min(from + size, list.shown.length);
    list.place.innerHTML = `${list.head}\n${list.shown.slice(from, to).map((row) => html[row]).join("\n")}${list.tail}`;
    list.drawn = true;
    [...list.place.querySelectorAll("thead th")].forEach((head, column) => sortable(list, head, column));
    if (list.shown.length > (everything ? PRINTED : PAGE)) list.place.append(pager(list, from, to, everything));
  }

  function sortable(list, head, column) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    if (list.column === column) head.setAttribute("aria-sort", list.down ? "descending" : "ascending");
    button.addEventListener("click", () => {
      list.down = list.column === column && !list.down;
      list.column = column;
      list.page = 0;
      sort(list);
      redraw(list, `thead th:nth-child(${column + 1}) button`);
    });
  }

  function pager(list, from, to, everything) {
    const nav = document.createElement("nav");
    nav.className = "pager";
    nav.setAttribute("aria-label", say("pages", { of: list.section.dataset.part }));
    const place = document.createElement("span");
    place.textContent = everything ? say("printed", { count: number(to) })
      : say("range", { from: number(from + 1), to: number(to), all: number(list.shown.length) });
    nav.append(place);
    if (everything) return nav;
    const button = (name, can, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.dataset.step = name;
      made.textContent = say(name, { all: number(list.shown.length) });
      made.setAttribute("aria-disabled", String(!can));
      made.addEventListener("click", () => { if (can) { act(); redraw(list, `[data-step=${name}]`); } });
      nav.append(made);
    };
    if (!list.all) {
      button("previous", from > 0, () => { list.page -= 1; });
      button("next", to < list.shown.length, () => { list.page += 1; });
    }
    if (list.shown.length <= PRINTED)
      button(list.all ? "fewer" : "every", true, () => { list.all = !list.all; list.page = 0; });
    return nav;
  }

  function redraw(list, focus) {
    draw(list);
    const next = list.place.querySelector(focus) || list.place.querySelector(".pager button");
    if (next) next.focus({ preventScroll: true });
  }

  // ---- begin
  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(filter, html.length > 5000 ? 60 : 0); };
  // The texts to search in are made while nobody waits.
  const prepare = () => { if (window.requestIdleCallback) requestIdleCallback(readTexts); };

  function begin() {
    document.querySelectorAll("noscript[data-rows]").forEach(read);
    form.addEventListener("input", soon);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => {
      chips.forEach((chip) => chip.setAttribute("aria-pressed", "false"));
      setTimeout(() => { filter(); search.focus(); });
    });
    chips.forEach((chip) => chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      filter();
    }));
    for (const list of lists) if (list.card) list.card.addEventListener("toggle", () => { if (list.card.open !== list.drawn) draw(list); });
    addEventListener("beforeprint", () => lists.forEach((list) => { list.page = 0; draw(list, true); }));
    addEventListener("afterprint", () => lists.forEach((list) => draw(list)));
    filter();
  }

  const afterTheFrame = (act) => requestAnimationFrame(() => setTimeout(act));
  if (packed) {
    afterTheFrame(() => { // what is there already is shown first
      begin();
      afterTheFrame(() =>
        unpack().then(takeUnpacked).catch(() => { missing = "unpacked.not"; }).then(filter).then(prepare));
    });
  } else {
    begin();
    prepare();
  }
})();
