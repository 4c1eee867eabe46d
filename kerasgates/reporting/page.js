"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const sequence = document.getElementById("row");
const slider = document.getElementById("step");
const where = document.getElementById("where");
const settings = { responsive: true, displayModeBar: false };
// Where fingers scroll the page, they must not zoom the plots.
const touch = matchMedia("(pointer: coarse)").matches;
const PURPLE_ORANGE = [[0, "#542788"], [0.25, "#b2abd2"], [0.5, "#f7f7f7"], [0.75, "#fdb863"], [1, "#b35806"]];
const LINES = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"];
const DASHES = ["solid", "dash", "dot", "dashdot"];
const MAP = 130, GAP = 46;

const row = () => (sequence ? Number(sequence.value) : 0);
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// A layer may have fewer sequences than another.
const rowOf = (of) => of[Math.min(row(), of.length - 1)];
const labelOf = (cell, step) => (cell.labels ? rowOf(cell.labels)[step] : "");
// Plotly reads text as HTML.
const plain = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const largest = (rows, least) => rows.flat().reduce((most, v) => Math.max(most, Math.abs(v ?? 0)), least);
// A layer behind a pooling has fewer steps than the slider.
const stepOf = (cell) => Math.min(Number(slider.value), cell.steps.length - 1);

function axis(more) {
  return { color: css("--ink"), gridcolor: css("--line"), linecolor: css("--line"), zeroline: false, automargin: true, ...more };
}

function layout(more) {
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: css("--band"), font: { color: css("--ink") },
    margin: { l: 50, r: 10, t: 26, b: 40 }, hovermode: "closest", dragmode: touch ? false : "zoom",
    // What a reader has zoomed into stays so when all is drawn again.
    uirevision: "stays", ...more,
  };
}

function timeAxis(cell, more) {
  const some = Math.max(1, Math.ceil(cell.steps.length / 24));
  const places = cell.steps.map((_, at) => at).filter((at) => at % some === 0);
  const names = places.map((at) => (cell.labels ? plain(labelOf(cell, at)) : String(cell.steps[at])));
  return axis({ tickvals: places, ticktext: names, title: { text: cell.labels ? "" : "step" }, showgrid: false, ...more });
}

function line(cell) {
  const at = stepOf(cell);
  return { type: "line", xref: "x", yref: "paper", x0: at, x1: at, y0: 0, y1: 1, line: { color: css("--accent"), width: 2 } };
}

function texts(cell, units) {
  const names = cell.steps.map((step, at) => (cell.labels ? `${step}: ${plain(labelOf(cell, at))}` : String(step)));
  return units.map(() => names);
}

function drawMaps(cell, number) {
  const count = cell.arrays.length;
  const height = count * MAP + (count - 1) * GAP;
  const traces = [], axes = {}, titles = [];
  cell.arrays.forEach((array, at) => {
    const values = rowOf(array.values);
    const high = array.gate ? 1 : largest(values, 1);
    const seen = values.some((of) => of.some((value) => value !== null));
    const top = 1 - (at * (MAP + GAP)) / height, bottom = top - MAP / height;
    const id = at ? String(at + 1) : "";
    traces.push({
      type: "heatmap", z: values, text: texts(cell, array.units), xaxis: "x", yaxis: `y${id}`,
      zmin: array.gate ? 0 : -high, zmax: high, colorscale: array.gate ? "Viridis" : PURPLE_ORANGE,
      customdata: array.units.map((unit) => cell.steps.map(() => unit)),
      hovertemplate: `step %{text}<br>unit %{customdata}<br>${array.name} = %{z}<extra></extra>`,
      // Where all is masked, a scale has no range.
      showscale: seen,
      colorbar: { len: MAP / height, lenmode: "fraction", y: (top + bottom) / 2, thickness: 10, outlinewidth: 0 },
    });
    const some = Math.max(1, Math.ceil(array.units.length / 6));
    const places = array.units.map((_, i) => i).filter((i) => i % some === 0);
    axes[`yaxis${id}`] = axis({
      domain: [Math.max(0, bottom), top], autorange: "reversed", title: { text: "unit" }, showgrid: false,
      tickvals: places, ticktext: places.map((i) => String(array.units[i])),
    });
    const says = array.gate ? "0 closed, 1 open" : "";
    titles.push({
      text: `<b>${array.name}</b> ${says}`, xref: "paper", yref: "paper", x: 0, y: top, xanchor: "left", yanchor: "bottom", showarrow: false,
    });
  });
  const last = count > 1 ? `y${count}` : "y";
  const shown = layout({
    ...axes, xaxis: timeAxis(cell, { anchor: last }), annotations: titles, shapes: [line(cell)], height: height + 80,
  });
  Plotly.react(`maps-${number}`, traces, shown, settings);
}

function drawRegimes(cell, number) {
  if (!cell.regimes) return;
  const count = data.colours.length;
  const scale = data.colours.flatMap((colour, i) => [[i / count, colour], [(i + 1) / count, colour]]);
  const values = rowOf(cell.regimes.values);
  const names = values.map((of) => of.map((code) => data.regimes[code]));
  const trace = {
    type: "heatmap", z: values, text: names, zmin: -0.5, zmax: count - 0.5, colorscale: scale, showscale: false,
    customdata: texts(cell, cell.regimes.units), hovertemplate: "step %{customdata}<br>unit %{y}<br>%{text}<extra></extra>",
    y: cell.regimes.units.map(String),
  };
  const shown = layout({
    xaxis: timeAxis(cell, {}), yaxis: axis({ autorange: "reversed", type: "category", title: { text: "unit" }, showgrid: false, nticks: 8 }),
    shapes: [line(cell)], height: 260,
  });
  Plotly.react(`regimes-${number}`, [trace], shown, settings);
}

function drawMemory() {
  if (!data.memory.length) return;
  const ceiling = 10 * largest(data.memory.map((one) => one.steps), 10);
  const floor = 0.01;
  const traces = data.memory.map((one, at) => ({
    type: "scatter", mode: "lines+markers", name: one.name,
    x: one.units.map((_, place) => place + 1),
    y: one.steps.map((steps) => (steps === null ? ceiling : Math.max(floor, Math.min(steps, ceiling)))),
    text: one.steps.map((steps, i) => `unit ${one.units[i]}: ${steps === null ? "never forgets" : steps + " steps"}`),
    hovertemplate: "%{text}<extra></extra>",
    line: { color: LINES[at % LINES.length], dash: DASHES[at % DASHES.length] },
    marker: { symbol: one.steps.map((steps) => (steps === null ? "triangle-up" : "circle")), size: 7 },
  }));
  Plotly.react("memory-plot", traces, layout({
    xaxis: axis({ title: { text: "units, the longest memory first" } }),
    yaxis: axis({ type: "log", title: { text: "steps until half is left (▲ never)" } }),
    showlegend: true, legend: { orientation: "h", y: 1.15 }, height: 340,
  }), settings);
}

function drawFlow() {
  if (!data.flow.length) return;
  const none = data.flow.every((one) => one.values.every((value) => !value));
  const traces = data.flow.map((one, at) => ({
    type: "scatter", mode: "lines", name: one.name, x: one.values.map((_, step) => step),
    // A logarithm has no place for zero.
    y: one.values.map((value) => value || null),
    line: { color: LINES[at % LINES.length], dash: DASHES[Math.floor(at / LINES.length) % DASHES.length] },
    hovertemplate: "step %{x}<br>%{y}<extra>%{fullData.name}</extra>",
  }));
  Plotly.react("flow-plot", traces, layout({
    xaxis: axis({ title: { text: "step" } }), yaxis: axis({ type: "log", exponentformat: "power", title: { text: "norm of the gradient" } }),
    showlegend: true, legend: { orientation: "h", y: 1.15 }, height: 340,
    annotations: none ? [{ text: "all gradients are zero", xref: "paper", yref: "paper", x: 0.5, y: 0.5, showarrow: false }] : [],
  }), settings);
}

function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...more });
}

function writeValues(cell, number) {
  const table = document.getElementById(`values-${number}`), at = stepOf(cell);
  const head = element("tr", "");
  head.append(element("th", "unit", { scope: "col" }));
  cell.arrays.forEach((array) => head.append(element("th", array.name, { scope: "col", className: "number" })));
  const units = [...new Set(cell.arrays.flatMap((array) => array.units))].sort((a, b) => a - b);
  const rows = units.map((unit) => {
    const shown = element("tr", "");
    shown.append(element("th", String(unit), { scope: "row" }));
    for (const array of cell.arrays) {
      const place = array.units.indexOf(unit);
      const value = place < 0 ? null : rowOf(array.values)[place][at];
      shown.append(element("td", value === null ? "–" : value.toFixed(3), { className: "number" }));
    }
    return shown;
  });
  const thead = element("thead", ""), tbody = element("tbody", "");
  thead.append(head);
  tbody.append(...rows);
  table.replaceChildren(thead, tbody);
  const label = labelOf(cell, at);
  document.getElementById(`at-${number}`).textContent = `Values at step ${cell.steps[at]}${label ? ": " + label : ""}`;
}

function saySteps() {
  // The longest; of these, one with labels.
  const rank = (cell) => cell.steps.length + (cell.labels ? 0.5 : 0);
  const longest = data.cells.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const at = stepOf(longest), label = labelOf(longest, at);
  where.textContent = `${longest.steps[at]} of 0–${longest.steps[longest.steps.length - 1]}${label ? ": " + label : ""}`;
  slider.setAttribute("aria-valuetext", where.textContent);
}

function moveTo() {
  saySteps();
  data.cells.forEach((cell, number) => {
    Plotly.relayout(`maps-${number}`, { shapes: [line(cell)] });
    if (cell.regimes) Plotly.relayout(`regimes-${number}`, { shapes: [line(cell)] });
    writeValues(cell, number);
  });
}

function draw() {
  saySteps();
  data.cells.forEach((cell, number) => {
    drawMaps(cell, number);
    drawRegimes(cell, number);
    writeValues(cell, number);
  });
  drawMemory();
  drawFlow();
}

const dark = matchMedia("(prefers-color-scheme: dark)");
document.getElementById("theme").addEventListener("click", () => {
  const now = document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  draw();
});
dark.addEventListener("change", draw);
slider.addEventListener("input", moveTo);
sequence?.addEventListener("change", draw);
document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
draw();
document.documentElement.dataset.drawn = "true";
