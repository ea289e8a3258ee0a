// Shows the explorables that recording.py has recorded: stage.js draws, and this file stands where a
// notebook has its kernel. One slider or handle is away from its first place at a time.
import stage from "./stage.js";

const SIGNS = { '"': "&quot;", "<": "&lt;", "&": "&amp;" };
const plain = text => String(text).replace(/["<&]/g, sign => SIGNS[sign]);

async function unpacked(address) {
  const packed = await fetch(address);
  return new Response(packed.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

// What stage.js asks of a widget's model.
class Model {
  #values = { dragged: {}, heard: 0, words: {} };
  #listeners = [];
  saved = () => {};
  get(name) { return this.#values[name]; }
  set(name, value) { this.#values[name] = value; }
  on(names, listener) { for (const name of names.split(" ")) this.#listeners.push([name.replace("change:", ""), listener]); }
  save_changes() { this.saved(); }
  show(values) {
    const changed = Object.keys(values).filter(name => this.#values[name] !== values[name]);
    Object.assign(this.#values, values);
    for (const [name, listener] of this.#listeners) if (changed.includes(name)) listener();
  }
}

async function play(figure) {
  const [recorded, bytes] = await Promise.all([
    fetch(figure.dataset.recording + ".json").then(answer => answer.json()), unpacked(figure.dataset.recording + ".bin")]);
  const blob = number => new Uint8Array(bytes, number ? recorded.ends[number - 1] : 0,
                                        recorded.ends[number] - (number ? recorded.ends[number - 1] : 0));
  const model = new Model(), shared = new Map();
  const once = number => {  // the same object for the same pictures, so that they are not painted anew
    if (!shared.has(number)) {
      const [panels, backgrounds] = recorded.shared[number];
      shared.set(number, { panels, backgrounds: backgrounds.map(themes =>
        Object.fromEntries(Object.entries(themes).map(([theme, picture]) => [theme, blob(picture)]))) });
    }
    return shared.get(number);
  };
  const show = number => {
    const [caption, words, drawn, geometry] = recorded.frames[number];
    model.show({ caption, words: recorded.shared[words], ...once(drawn), heard: Infinity,
                 geometry: Object.fromEntries(Object.entries(geometry).map(([name, at]) => [name, blob(at)])) });
  };

  const choices = recorded.controls.filter(({ kind }) => kind === "choice"), chosen = {}, sliders = {};
  let left = recorded.first;
  for (const { name, values } of [...choices].reverse()) { chosen[name] = left % values.length; left = Math.floor(left / values.length); }
  const combination = () =>
    recorded.combinations[choices.reduce((number, { name, values }) => number * values.length + chosen[name], 0)];

  const strip = document.createElement("div");
  strip.className = "optimlab-controls";
  const back = except => {  // all sliders but one to where they stand at first
    for (const [name, { input, output }] of Object.entries(sliders)) {
      if (name === except) continue;
      const [at, told] = combination().base[name];
      input.value = at;
      output.textContent = told;
      input.setAttribute("aria-valuetext", told);
    }
  };
  for (const { name, label, kind, values } of recorded.controls) {
    const row = document.createElement("label");
    if (kind === "choice") {
      row.innerHTML = `<span>${plain(label)}</span><select>${values.map((value, number) =>
        `<option value="${number}">${plain(value)}</option>`).join("")}</select>`;
      const select = row.querySelector("select");
      select.value = chosen[name];
      select.addEventListener("input", () => { chosen[name] = Number(select.value); back(); show(combination().still); });
    } else {
      row.innerHTML = `<span>${plain(label)}</span><input type="range" min="0" max="${values.length - 1}"><output></output>`;
      const input = row.querySelector("input"), output = row.querySelector("output");
      sliders[name] = { input, output };
      input.addEventListener("input", () => {
        back(name);
        output.textContent = values[input.value];
        input.setAttribute("aria-valuetext", values[input.value]);
        show(combination().moved[name][input.value]);
      });
    }
    strip.append(row);
  }

  const nearest = (values, wanted) =>
    values.reduce((best, value, at) => Math.abs(value - wanted) < Math.abs(values[best] - wanted) ? at : best, 0);
  let heard = {};
  model.saved = () => {
    for (const [name, [x, y, number]] of Object.entries(model.get("dragged"))) {
      if (heard[name] === number) continue;
      heard[name] = number;
      const [xs, ys] = recorded.grids[name];
      back();
      show(combination().moved[name][nearest(ys, y) * xs.length + nearest(xs, x)]);
    }
  };

  model.show({ marks: recorded.marks, unit: recorded.unit });
  show(combination().still);
  back();
  const still = [...figure.childNodes], drawn = document.createElement("div");
  figure.append(strip, drawn);
  stage.render({ model, el: drawn });
  for (const node of still) node.remove();
  figure.dataset.live = "true";
}

// stage.js reads JupyterLab's sign of the theme; the site has another.
function followTheme() {
  const dark = document.documentElement.dataset.theme === "dark";
  document.body.dataset.jpThemeLight = String(!dark);
}

followTheme();
new MutationObserver(followTheme).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
const near = new IntersectionObserver(entries => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) { near.unobserve(target); play(target); }
}, { rootMargin: "600px" });
for (const figure of document.querySelectorAll(".optimlab-recorded")) near.observe(figure);
