"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const sequence = document.getElementById("row");
const slider = document.getElementById("step");
const where = document.getElementById("where");
const settings = { responsive: true, displayModeBar: false };
// Where fingers scroll the page, they must not zoom the plots.
const touch = matchMedia("(pointer: coarse)").matches;
const SIGNED = data.signed.map((colour, at) => [at / (data.signed.length - 1), colour]);
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

// What a reader has zoomed into stays; else the steps of the sequence fill the width.
const given = {};
function rangeOf(id, wanted) {
  const now = document.getElementById(id).layout?.xaxis?.range, before = given[id];
  if (now && before && now.some((end, at) => Math.abs(end - before[at]) > 1e-6)) return [...now];
  given[id] = wanted;
  return [...wanted];
}

function timeAxis(cell, id, more) {
  // Padding is left out; fewer labels where there is less room.
  const [first, last] = rowOf(cell.live);
  const some = Math.max(1, Math.ceil((last - first + 1) / (innerWidth < 600 ? 10 : 24)));
  const places = cell.steps.map((_, at) => at).filter((at) => at >= first && at <= last && (at - first) % some === 0);
  const names = places.map((at) => (cell.labels ? plain(labelOf(cell, at)) : String(cell.steps[at])));
  return axis({
    tickvals: places, ticktext: names, range: rangeOf(id, [first - 0.5, last + 0.5]), title: { text: cell.labels ? "" : "step" },
    showgrid: false, ...more,
  });
}

// One digit times a power of ten: 0.02, 5,000 or 2·10⁻⁷.
function powerText(digit, exponent) {
  if (exponent >= -3 && exponent <= 4) {
    return (digit * 10 ** exponent).toLocaleString("en", { maximumFractionDigits: 3 });
  }
  return `${digit === 1 ? "" : `${digit}·`}10<sup>${String(exponent).replace("-", "−")}</sup>`;
}

// A logarithmic axis on which every label is a whole number: no bare 2 and 5 between the powers.
function logAxis(values, more) {
  const sizes = values.filter((value) => value > 0).map(Math.log10);
  const low = sizes.length ? Math.min(...sizes) : 0, high = sizes.length ? Math.max(...sizes) : 1;
  const room = Math.max(0.3, 0.06 * (high - low));
  const from = low - room, to = high + room;
  const digits = to - from <= 3 ? [1, 2, 5] : [1], every = Math.max(1, Math.ceil((to - from) / 8));
  const tickvals = [], ticktext = [];
  for (let exponent = Math.floor(from); exponent <= to; exponent += 1) {
    if (exponent % every !== 0) continue;
    for (const digit of digits) {
      tickvals.push(digit * 10 ** exponent);
      ticktext.push(powerText(digit, exponent));
    }
  }
  return axis({ type: "log", range: [from, to], tickvals, ticktext, ...more });
}

function line(cell) {
  const at = stepOf(cell);
  return { type: "line", xref: "x", yref: "paper", x0: at, x1: at, y0: 0, y1: 1, line: { color: css("--accent"), width: 2 } };
}

function texts(cell, units) {
  const names = cell.steps.map((step, at) => (cell.labels ? `${step}: ${plain(labelOf(cell, at))}` : String(step)));
  return units.map(() => names);
}

function drawMaps(cell, id) {
  const count = cell.arrays.length;
  const height = count * MAP + (count - 1) * GAP;
  const traces = [], axes = {}, titles = [], unit = cell.whole ? "entry" : "unit";
  cell.arrays.forEach((array, at) => {
    const values = rowOf(array.values);
    // As wide as the values of all sequences are: of a small state much would be white.
    const high = array.gate ? 1 : largest(array.values.flat(), 0) || 1;
    const seen = values.some((of) => of.some((value) => value !== null));
    const top = 1 - (at * (MAP + GAP)) / height, bottom = top - MAP / height;
    const which = at ? String(at + 1) : "";
    traces.push({
      type: "heatmap", z: values, text: texts(cell, array.units), xaxis: "x", yaxis: `y${which}`,
      zmin: array.gate ? 0 : -high, zmax: high, colorscale: array.gate ? "Viridis" : SIGNED,
      customdata: array.units.map((unit) => cell.steps.map(() => unit)),
      hovertemplate: `step %{text}<br>${unit} %{customdata}<br>${array.name} = %{z}<extra></extra>`,
      // Where all is masked, a scale has no range.
      showscale: seen,
      colorbar: { len: MAP / height, lenmode: "fraction", y: (top + bottom) / 2, thickness: 10, outlinewidth: 0 },
    });
    const some = Math.max(1, Math.ceil(array.units.length / 6));
    const places = array.units.map((_, i) => i).filter((i) => i % some === 0);
    axes[`yaxis${which}`] = axis({
      domain: [Math.max(0, bottom), top], autorange: "reversed", title: { text: unit }, showgrid: false,
      tickvals: places, ticktext: places.map((i) => String(array.units[i])),
    });
    const says = array.gate ? "0 closed, 1 open" : "";
    titles.push({
      text: `<b>${array.name}</b> ${says}`, xref: "paper", yref: "paper", x: 0, y: top, xanchor: "left", yanchor: "bottom", showarrow: false,
    });
  });
  const last = count > 1 ? `y${count}` : "y";
  const shown = layout({
    ...axes, xaxis: timeAxis(cell, id, { anchor: last }), annotations: titles, shapes: [line(cell)], height: height + 80,
  });
  Plotly.react(id, traces, shown, settings);
}

function drawExamples() {
  const examples = data.examples, maps = document.getElementById("examples-maps");
  maps.hidden = !examples.arrays.length;
  if (examples.arrays.length) drawMaps(examples, "examples-maps");
  const rows = examples.whole.map((one) => [one.name, rowOf(one.values), one.entries]);
  if (examples.losses) rows.push(["loss", [rowOf(examples.losses)], [0]]);
  const table = document.getElementById("examples-whole");
  const width = Math.max(0, ...rows.map(([, values]) => values.length));
  const body = rows.map(([name, values]) => {
    const shown = element("tr", "");
    shown.append(element("th", name, { scope: "row" }));
    const said = (value) => (value === null ? "–" : String(value));
    for (const value of values) shown.append(element("td", said(value), { className: "number" }));
    if (values.length < width) shown.append(element("td", "", { colSpan: width - values.length }));
    return shown;
  });
  table.replaceChildren(...body);
}

// In HTML, which finds its place on any screen, and covers no curve.
function writeLegend(id, traces) {
  const names = "http://www.w3.org/2000/svg";
  const dashes = { solid: "", dash: "6 4", dot: "2 3", dashdot: "6 3 2 3" };
  const items = traces.map((trace) => {
    const item = element("li", ""), sample = document.createElementNS(names, "svg"), stroke = document.createElementNS(names, "line");
    sample.setAttribute("viewBox", "0 0 22 7");
    sample.setAttribute("aria-hidden", "true");
    const drawn = { x1: 0, y1: 3.5, x2: 22, y2: 3.5, stroke: trace.line.color, "stroke-width": 2.5, "stroke-dasharray": dashes[trace.line.dash] };
    for (const [name, value] of Object.entries(drawn)) stroke.setAttribute(name, value);
    sample.append(stroke);
    item.append(sample, trace.name);
    return item;
  });
  document.getElementById(id).replaceChildren(...items);
}

function drawRegimes(cell, number) {
  if (!cell.regimes) return;
  const count = data.colours.length;
  const scale = data.colours.flatMap((colour, i) => [[i / count, colour], [(i + 1) / count, colour]]);
  const values = rowOf(cell.regimes.values);
  const named = data.regimes.map((name) => (name === "masked" ? cell.gaps : name));
  const names = values.map((of) => of.map((code) => named[code]));
  const trace = {
    type: "heatmap", z: values, text: names, zmin: -0.5, zmax: count - 0.5, colorscale: scale, showscale: false,
    customdata: texts(cell, cell.regimes.units), hovertemplate: "step %{customdata}<br>unit %{y}<br>%{text}<extra></extra>",
    y: cell.regimes.units.map(String),
  };
  const shown = layout({
    xaxis: timeAxis(cell, `regimes-${number}`, {}), yaxis: axis({ autorange: "reversed", type: "category", title: { text: "unit" }, showgrid: false, nticks: 8 }),
    shapes: [line(cell)], height: 260,
  });
  Plotly.react(`regimes-${number}`, [trace], shown, settings);
}

// No halves of a unit or a step on the axis of a few.
function whole(lists) {
  return Math.max(...lists.map((list) => list.length)) <= 12 ? { dtick: 1 } : {};
}

function drawMemory() {
  if (!data.memory.length) return;
  const ceiling = 10 * largest(data.memory.map((one) => one.steps), 10);
  const floor = 0.01;
  const beyond = (one, i) => one.censored[i] > 0.5;
  const says = (one, i) => (one.steps[i] === null ? "never forgets" : `${one.steps[i]} steps${beyond(one, i) ? ", extrapolated" : ""}`);
  const symbol = (one, i) => (one.steps[i] === null ? "triangle-up" : beyond(one, i) ? "circle-open" : "circle");
  const traces = data.memory.map((one, at) => ({
    type: "scatter", mode: "lines+markers", name: one.name,
    x: one.units.map((_, place) => place + 1),
    y: one.steps.map((steps) => (steps === null ? ceiling : Math.max(floor, Math.min(steps, ceiling)))),
    text: one.steps.map((_, i) => `unit ${one.units[i]}: ${says(one, i)}`),
    hovertemplate: "%{text}<extra></extra>",
    line: { color: LINES[at % LINES.length], dash: DASHES[at % DASHES.length] },
    marker: { symbol: one.steps.map((_, i) => symbol(one, i)), size: 7 },
  }));
  writeLegend("memory-legend", traces);
  Plotly.react("memory-plot", traces, layout({
    xaxis: axis({ title: { text: "units, the longest memory first" }, ...whole(data.memory.map((one) => one.units)) }),
    yaxis: logAxis(traces.flatMap((trace) => trace.y), { title: { text: "steps until half is left (▲ never)" } }),
    showlegend: false, height: 340,
  }), settings);
}

function drawFlow() {
  if (!data.flow.length) return;
  const none = data.flow.every((one) => one.values.every((value) => !value));
  const traces = data.flow.map((one, at) => ({
    type: "scatter", mode: "lines+markers", name: one.name, x: one.values.map((_, step) => one.first + step),
    // Beside points that are not drawn there is no line to one.
    marker: { size: one.values.map((_, at) => (one.values[at - 1] || one.values[at + 1] ? 0 : 6)) },
    // A logarithm has no place for zero.
    y: one.values.map((value) => value || null),
    line: { color: LINES[at % LINES.length], dash: DASHES[Math.floor(at / LINES.length) % DASHES.length] },
    hovertemplate: "step %{x}<br>%{y}<extra>%{fullData.name}</extra>",
  }));
  const fromEnds = data.flow.some((one) => one.from_ends);
  writeLegend("flow-legend", traces);
  Plotly.react("flow-plot", traces, layout({
    xaxis: axis({ title: { text: fromEnds ? "steps from the end of each sequence" : "step" }, ...whole(data.flow.map((one) => one.values)) }),
    yaxis: logAxis(traces.flatMap((trace) => trace.y), { title: { text: "norm of the gradient" } }),
    showlegend: false, height: 340,
    annotations: none ? [{ text: "all gradients are zero", xref: "paper", yref: "paper", x: 0.5, y: 0.5, showarrow: false }] : [],
  }), settings);
}

function element(name, text, more = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...more });
}

// Three digits, however small: no 0.000 of what is not zero.
function digits(value) {
  return String(Number(value.toPrecision(3)));
}

function isMasked(cell, at) {
  return cell.arrays.every((array) => rowOf(array.values).every((unit) => unit[at] === null));
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
      shown.append(element("td", value === null ? "–" : digits(value), { className: "number" }));
    }
    return shown;
  });
  const thead = element("thead", ""), tbody = element("tbody", "");
  thead.append(head);
  tbody.append(...rows);
  table.replaceChildren(thead, tbody);
  const label = labelOf(cell, at);
  document.getElementById(`at-${number}`).textContent = `Values at step ${cell.steps[at]}${label ? ": " + label : ""}${isMasked(cell, at) ? ` (${cell.gaps})` : ""}`;
}

function saySteps() {
  // The longest; of these, one with labels.
  const rank = (cell) => cell.steps.length + (cell.labels ? 0.5 : 0);
  const longest = data.cells.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const at = stepOf(longest), label = labelOf(longest, at), masked = isMasked(longest, at) ? ` (${longest.gaps})` : "";
  where.textContent = `${longest.steps[at]} of 0–${longest.steps[longest.steps.length - 1]}${label ? ": " + label : ""}${masked}`;
  slider.setAttribute("aria-valuetext", where.textContent);
}

function moveTo() {
  saySteps();
  if (data.examples.arrays.length) Plotly.relayout("examples-maps", { shapes: [line(data.examples)] });
  data.cells.forEach((cell, number) => {
    Plotly.relayout(`maps-${number}`, { shapes: [line(cell)] });
    if (cell.regimes) Plotly.relayout(`regimes-${number}`, { shapes: [line(cell)] });
    writeValues(cell, number);
  });
}

function draw() {
  saySteps();
  drawExamples();
  data.cells.forEach((cell, number) => {
    drawMaps(cell, `maps-${number}`);
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
