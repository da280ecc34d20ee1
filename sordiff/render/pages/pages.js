"use strict";
// Every page is whole without this. Here: light and dark, and what fits while one types.
(() => {
  const root = document.documentElement;

  // ---- light and dark; the page of a night has a script of its own that does this
  const theme = document.getElementById("theme");
  if (theme && !root.classList.contains("live")) {
    root.classList.add("live");
    const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    const tell = () => theme.setAttribute("aria-pressed", String(dark()));
    const kept = localStorage.getItem("sordiff-theme");
    if (kept === "dark" || kept === "light") root.dataset.theme = kept;
    theme.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      localStorage.setItem("sordiff-theme", root.dataset.theme);
      tell();
    });
    tell();
  }

  // ---- what fits while one types: a combobox whose options the server writes
  document.querySelectorAll("form.find").forEach((form, place) => {
    const input = form.querySelector("input");
    const panel = form.querySelector(".found");
    const list = document.createElement("ul");
    list.id = `found-${place}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.querySelector("label").textContent);
    const none = document.createElement("p");
    none.className = "none";
    none.setAttribute("role", "status");
    panel.append(list, none);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]])
      input.setAttribute(name, value);
    let options = [], at = -1, asked = 0, waiting = 0, running = null;

    const show = (open) => {
      panel.hidden = !open;
      input.setAttribute("aria-expanded", String(open && options.length > 0));
      if (!open) choose(-1);
    };
    const choose = (next) => {
      if (options[at]) options[at].setAttribute("aria-selected", "false");
      at = next;
      if (options[at]) {
        options[at].setAttribute("aria-selected", "true");
        options[at].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", options[at].id);
      } else input.removeAttribute("aria-activedescendant");
    };
    const draw = (html) => {
      list.innerHTML = html; // the server has escaped every text in it
      options = [...list.querySelectorAll(".hit")];
      at = -1;
      options.forEach((option, number) => {
        option.id = `${list.id}-${number}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        // An option may hold nothing that takes the focus: what leads on is the option itself.
        const link = option.querySelector("a"), name = document.createElement("span");
        name.className = link.className;
        name.append(...link.childNodes);
        option.dataset.address = link.getAttribute("href");
        link.replaceWith(name);
      });
      list.hidden = !options.length;
      none.textContent = options.length ? "" : input.dataset.none;
      none.hidden = options.length > 0;
      show(true);
    };
    const ask = async () => {
      const text = input.value.trim(), number = ++asked;
      if (running) running.abort();
      if (!text) { options = []; show(false); return; }
      running = new AbortController();
      try {
        const answer = await fetch(`/search/candidates?q=${encodeURIComponent(text)}`, { signal: running.signal });
        const html = answer.ok ? await answer.text() : null;
        // What was asked earlier may be answered later.
        if (number === asked && html !== null && document.activeElement === input) draw(html);
      } catch (error) { if (error.name !== "AbortError") show(false); }
    };
    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 60); });
    input.addEventListener("focus", () => { if (options.length && input.value.trim()) show(true); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !panel.hidden) { event.preventDefault(); show(false); return; }
      if (panel.hidden || !options.length) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        choose(at < 0 && step < 0 ? options.length - 1 : Math.max(-1, Math.min(options.length - 1, at + step)));
      } else if (event.key === "Enter" && options[at]) {
        event.preventDefault();
        location.assign(options[at].dataset.address);
      }
    });
    panel.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    list.addEventListener("click", (event) => {
      const hit = event.target.closest(".hit");
      if (hit) location.assign(hit.dataset.address);
    });
    input.addEventListener("blur", () => setTimeout(() => { if (!form.contains(document.activeElement)) show(false); }, 0));
  });
})();
