// Draws what moves on a stage (see stage.py): a canvas over each panel's still picture, handles to
// drag, and a scrubber for timed paths. All numbers arrive as fractions of the panel's figure.

const INK = "#000000";  // stands for the theme's text colour
const SECONDS = 4;      // that playing a path takes
const MARGIN = 5;       // CSS pixels around the axes, for dots that lie on their edge

function isDark(el) {
  const theme = document.body.dataset.jpThemeLight;
  if (theme !== undefined) return theme === "false";
  for (; el; el = el.parentElement) {
    const [r, g, b, a = 1] = (getComputedStyle(el).backgroundColor.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
    if (a > 0.5) return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function make(parent, tag, name, attributes = {}) {
  const el = document.createElement(tag);
  el.className = name;
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
  parent.append(el);
  return el;
}

const numbers = view => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

// ------------------------------------------------------------------ one painter for each kind of mark
// p: numbers, two for each point, in CSS pixels. n: how many points are shown.

function line(c, p, n) {
  c.beginPath();
  let down = false;
  for (let i = 0; i < n; i++) {
    const x = p[2 * i], y = p[2 * i + 1];
    if (Number.isNaN(x + y)) { down = false; continue; }
    down ? c.lineTo(x, y) : c.moveTo(x, y);
    down = true;
  }
  c.stroke();
}

function dot(c, x, y, radius) {
  c.beginPath();
  c.arc(x, y, radius, 0, 2 * Math.PI);
  c.fill();
}

const PAINT = {
  Path(c, p, n, mark) {
    c.lineWidth = mark.width;
    c.setLineDash(mark.dashed ? [6, 4] : []);
    line(c, p, n);
    if (mark.dots) for (let i = 0; i < n; i++) dot(c, p[2 * i], p[2 * i + 1], mark.width + 1);
    if (mark.timed && n) dot(c, p[2 * n - 2], p[2 * n - 1], mark.width + 3);
  },
  Points(c, p, n, mark) {
    for (let i = 0; i < n; i++) dot(c, p[2 * i], p[2 * i + 1], mark.size);
  },
  Bars(c, p, n, mark) {
    c.globalAlpha = mark.opacity;
    for (let i = 0; i < n; i += 2) {
      const [x0, y0, x1, y1] = p.subarray(2 * i, 2 * i + 4);
      c.fillRect(Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0), Math.abs(y1 - y0));
    }
  },
  Arrows(c, p, n, mark) {
    c.lineWidth = mark.width;
    for (let i = 0; i < n; i += 2) {
      const [x0, y0, x1, y1] = p.subarray(2 * i, 2 * i + 4);
      const length = Math.hypot(x1 - x0, y1 - y0), head = Math.min(5 + 2 * mark.width, length);
      if (!(length > 0)) continue;
      const ux = (x1 - x0) / length, uy = (y1 - y0) / length;
      line(c, [x0, y0, x1 - ux * head, y1 - uy * head], 2);
      c.beginPath();
      c.moveTo(x1, y1);
      c.lineTo(x1 - head * (ux + uy / 2), y1 - head * (uy - ux / 2));
      c.lineTo(x1 - head * (ux - uy / 2), y1 - head * (uy + ux / 2));
      c.fill();
    }
  },
  Labels(c, p, n, mark, words, paper) {
    c.font = `${mark.bold ? "600 " : ""}${mark.size}px ${getComputedStyle(c.canvas).fontFamily}`;
    c.textAlign = mark.align;
    c.textBaseline = "middle";
    c.strokeStyle = paper;
    c.lineWidth = 3;
    words.slice(0, n).forEach((word, i) => {
      c.strokeText(word, p[2 * i], p[2 * i + 1]);
      c.fillText(word, p[2 * i], p[2 * i + 1]);
    });
  },
};

// ------------------------------------------------------------------ what a hand can move

// A real element, so that focus, pointer and screen reader come from the browser.
function makeHandle(box, name, mark, model) {
  const knob = make(box, "div", "optimlab-handle", { tabindex: 0, role: "slider", "aria-label": mark.label,
    "aria-roledescription": "handle", "aria-valuenow": 0, title: `${mark.label}: drag it, or use the arrow keys` });
  knob.style.backgroundColor = mark.color;
  let at = [0.5, 0.5], sent = 0;
  const place = (x, y) => {
    at = [x, y];
    Object.assign(knob.style, { left: `${100 * x}%`, top: `${100 * y}%` });
    knob.setAttribute("aria-valuenow", x.toFixed(3));
  };
  const move = (x, y) => {
    const [left, top, right, bottom] = model.get("panels")[mark.panel].clip, dragged = model.get("dragged");
    place(mark.moves === "y" ? at[0] : Math.min(Math.max(x, left), right),
          mark.moves === "x" ? at[1] : Math.min(Math.max(y, top), bottom));
    sent = 1 + Math.max(0, ...Object.values(dragged).map(([, , number]) => number));
    model.set("dragged", { ...dragged, [name]: [...at, sent] });
    model.save_changes();
  };
  knob.addEventListener("pointerdown", event => knob.setPointerCapture(event.pointerId));
  knob.addEventListener("pointermove", event => {
    if (!knob.hasPointerCapture(event.pointerId)) return;
    const area = box.getBoundingClientRect();
    move((event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height);
  });
  knob.addEventListener("keydown", event => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const step = event.shiftKey ? 0.004 : 0.02;
    move(at[0] + way[0] * step, at[1] + way[1] * step);
  });
  return ([x, y], caption) => {
    knob.setAttribute("aria-valuetext", caption);
    // Until the kernel has heard of the last move, it decides only what the hand cannot move.
    const heard = model.get("heard") >= sent;
    place(heard || mark.moves === "y" ? x : at[0], heard || mark.moves === "x" ? y : at[1]);
  };
}

// Play, pause and scrub: `time` goes from 0 to 1, the end of the path.
function makeScrubber(root, unit, redraw) {
  const strip = make(root, "div", "optimlab-time");
  const button = make(strip, "button", "", { type: "button" }), range = make(strip, "input", "",
    { type: "range", min: 0, max: 1000, "aria-label": "moment of the path" }), text = make(strip, "span", "");
  let frame = 0;
  const scrubber = { time: 1, show(last) {
    range.value = 1000 * scrubber.time;
    text.textContent = `${unit} ${Math.round(scrubber.time * last)} of ${last}`;
    button.textContent = frame ? "❚❚ Pause" : "▶ Play";
  } };
  const stop = () => { cancelAnimationFrame(frame); frame = 0; };
  button.addEventListener("click", () => {
    if (frame) { stop(); return redraw(); }
    const begin = performance.now() - (scrubber.time % 1) * SECONDS * 1000;  // from the end it starts anew
    const tick = now => {
      scrubber.time = Math.min(Math.max(0, (now - begin) / (SECONDS * 1000)), 1);
      frame = scrubber.time < 1 ? requestAnimationFrame(tick) : 0;
      redraw();
    };
    frame = requestAnimationFrame(tick);
  });
  range.addEventListener("input", () => { stop(); scrubber.time = range.value / 1000; redraw(); });
  return scrubber;
}

// ------------------------------------------------------------------ the widget

function render({ model, el }) {
  const root = make(el, "div", "optimlab-stage", { role: "group", "data-lm-suppress-shortcuts": "true" });
  const row = make(root, "div", "optimlab-panels");
  const marks = Object.entries(model.get("marks"));
  const panels = model.get("panels").map(panel => {
    const box = make(row, "div", "optimlab-panel");
    // It shrinks a little before it wraps.
    Object.assign(box.style, { flex: `1 1 ${0.75 * panel.width}px`, maxWidth: `min(100%, ${panel.width}px)`,
                               aspectRatio: `${panel.width} / ${panel.height}` });
    return { box, picture: make(box, "img", "", { alt: "", draggable: "false" }),
             canvas: make(box, "canvas", "", { role: "img" }) };
  });
  const handles = marks.filter(([, mark]) => mark.kind === "Handle")
    .map(([name, mark]) => [name, makeHandle(panels[mark.panel].box, name, mark, model)]);
  const timed = marks.filter(([, mark]) => mark.timed).map(([name]) => name);
  const scrubber = timed.length ? makeScrubber(root, model.get("unit"), draw) : { time: 1, show() {} };
  const caption = make(root, "div", "optimlab-caption", { "aria-live": "polite" });
  let geometry = {}, queued = false, theme = null;

  function draw() {
    const ink = getComputedStyle(root).color, paper = isDark(root) ? "#111111" : "#ffffff";
    const density = window.devicePixelRatio || 1, words = model.get("words");
    panels.forEach(({ box, canvas }, number) => {
      const wide = box.clientWidth, high = box.clientHeight, c = canvas.getContext("2d");
      [canvas.width, canvas.height] = [Math.round(wide * density), Math.round(high * density)];
      c.scale(density, density);
      const [left, top, right, bottom] = model.get("panels")[number].clip;
      for (const [name, mark] of marks) {
        if (mark.panel !== number || !geometry[name] || mark.kind === "Handle") continue;
        const p = geometry[name].map((v, i) => v * (i % 2 ? high : wide)), all = p.length / 2;
        const n = mark.timed ? Math.min(all, 1 + Math.round(scrubber.time * (all - 1))) : all;
        c.save();
        if (mark.kind !== "Labels") {
          c.beginPath();
          c.rect(left * wide - MARGIN, top * high - MARGIN,
                 (right - left) * wide + 2 * MARGIN, (bottom - top) * high + 2 * MARGIN);
          c.clip();
        }
        c.strokeStyle = c.fillStyle = mark.color === INK ? ink : mark.color;
        c.lineJoin = "round";
        PAINT[mark.kind](c, p, n, mark, words[name] || [], paper);
        c.restore();
      }
    });
    scrubber.show(Math.max(0, ...timed.map(name => (geometry[name] || []).length / 2 - 1)));
  }

  function update() {
    const said = model.get("caption");
    geometry = Object.fromEntries(Object.entries(model.get("geometry")).map(([name, view]) => [name, numbers(view)]));
    for (const [name, arrive] of handles) if (geometry[name]) arrive(geometry[name], said);
    for (const { canvas } of panels) canvas.setAttribute("aria-label", said);
    caption.textContent = said;
    draw();
  }

  function paint() {
    theme = isDark(root) ? "dark" : "light";
    model.get("backgrounds").forEach((themes, number) => {
      URL.revokeObjectURL(panels[number].picture.src);
      panels[number].picture.src = URL.createObjectURL(new Blob([themes[theme]], { type: "image/png" }));
    });
    draw();
  }

  // One message may change all three; it is drawn once.
  model.on("change:geometry change:words change:caption", () => {
    if (!queued) queueMicrotask(() => { queued = false; update(); });
    queued = true;
  });
  model.on("change:backgrounds", paint);
  // A new size needs no new pictures: they are read anew where the theme is another.
  const follow = () => theme === (isDark(root) ? "dark" : "light") ? draw() : paint();
  const themes = new MutationObserver(follow);
  themes.observe(document.body, { attributes: true });
  const sizes = new ResizeObserver(() => {
    // In the page at last: the still picture that stands in for a dead widget can go.
    const still = root.closest(".jp-OutputArea-child")?.previousElementSibling;
    if (still?.querySelector(".optimlab-still")) still.style.display = "none";
    // ipywidgets writes a slider's name beside it, and tells no screen reader that it belongs to it.
    for (const slider of root.closest(".optimlab-explorable")?.querySelectorAll(".widget-slider") ?? [])
      slider.querySelector(".noUi-handle")?.setAttribute("aria-label", slider.querySelector(".widget-label").textContent);
    follow();
  });
  sizes.observe(row);
  update();
  return () => { themes.disconnect(); sizes.disconnect(); };
}

export default { render };
