"use strict";
document.documentElement.classList.add("live");
const data = JSON.parse(document.getElementById("data").textContent);
const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
const [TILE_WIDTH, TILE_HEIGHT] = data.tile;
const CLASSES = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#707070", "#56B4E9", "#D55E00", "#999999", "#882255", "#BBA900"];

/* Words and numbers */

const number = (value, digits = 3) => {
  if (value === null) return "∞";
  const text = Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(digits)));
  return text.replace("-", "−");
};

const GRADES = ["none", "damaged", "clean"];
const scored = score => `score ${number(score)}`;

function where(distance) {
  const [low, high] = data.ruler.band;
  if (distance === null || distance > high) return "farther out than 99 % of the codes";
  return distance < low ? "nearer the centre than 99 % of the codes" : "as far out as codes are";
}

function verdict(found, index) {
  const grade = GRADES[found.grades[index]];
  const read = found.classes ? found.classes[index] : -1;
  const what = read >= 0 ? read : data.judge.noun;
  const word = grade === "none" ? `no ${data.judge.noun}` : `a ${grade} ${what}`;
  return { grade, word, score: found.scores[index] };
}

function spoken(found, index) {
  const distance = found.distances[index];
  let text = `Distance ${number(distance)}, ${where(distance)}.`;
  if (data.judge) {
    const { word, score } = verdict(found, index);
    text += ` The judge sees ${word}, ${scored(score)}.`;
  }
  return text;
}

function fill(readouts, found, index, place) {
  const distance = found.distances[index];
  find(".distance", readouts).textContent = number(distance);
  find(".where", readouts).textContent = where(distance);
  find(".place", readouts).textContent = place;
  gauge(find('[data-scale="distance"]', readouts), data.ruler, found.farthest, distance ?? found.farthest);
  if (!data.judge) return;
  const { grade, word, score } = verdict(found, index);
  const shown = find(".seen", readouts);
  shown.classList.toggle("supported", grade === "clean");
  shown.classList.toggle("inconclusive", grade === "damaged");
  shown.classList.toggle("refuted", grade === "none");
  find(".seen-glyph", readouts).textContent = { clean: "●", damaged: "○", none: "◆" }[grade];
  find(".seen-word", readouts).textContent = word;
  find(".score", readouts).textContent = scored(score);
  gauge(find('[data-scale="score"]', readouts), data.judge, found.highest, score);
}

function gauge(scale, { band }, most, value) {
  const share = one => 100 * clamp(one / most, 0, 1);
  const usual = find(".band", scale);
  usual.setAttribute("x", share(band[0]));
  usual.setAttribute("width", share(band[1]) - share(band[0]));
  find(".mark", scale).setAttribute("transform", `translate(${share(value)} 0)`);
}

/* Tiles */

function paint(canvas, sheet, column, row) {
  canvas.dataset.column = column;
  canvas.dataset.row = row;
  const draw = () => {
    if (+canvas.dataset.column !== column || +canvas.dataset.row !== row) return;
    const brush = canvas.getContext("2d");
    brush.imageSmoothingEnabled = !data.crisp;
    brush.imageSmoothingQuality = "high";
    brush.drawImage(sheet, column * TILE_WIDTH, row * TILE_HEIGHT, TILE_WIDTH, TILE_HEIGHT, 0, 0, canvas.width, canvas.height);
  };
  if (sheet.complete && sheet.naturalWidth) draw();
  else sheet.addEventListener("load", draw, { once: true });
}

/* Planes */

const maps = all(".plane").map((node, index) => ({
  node,
  told: data.planes[index],
  map: find(".map", node),
  sheet: find(".tiles", node),
  here: find(".here", node),
  at: data.planes[index].centre.slice(),
  dots: all(".dots > *", node),
}));
const planeImage = document.getElementById("plane-image");
const planeReadouts = find('.readouts[data-kind="plane"]');
const said = document.getElementById("said");
let current = maps[0];
let speaking, remembering;

const indexOf = ({ told, at }) => at[1] * told.side + at[0];
const coordinates = ({ told, at }) => [
  told.low[0] + at[0] * told.step,
  told.low[1] + (told.side - 1 - at[1]) * told.step,
];

function placed(map) {
  return coordinates(map).map((value, i) => `${map.told.axes[i]}: ${number(Math.abs(value) < map.told.step / 1e3 ? 0 : value)}`).join(", ");
}

function showPlane(speak = true) {
  const index = indexOf(current);
  current.here.setAttribute("transform", `translate(${current.at[0] + 0.5} ${current.at[1] + 0.5})`);
  paint(planeImage, current.sheet, ...current.at);
  const text = spoken(current.told, index);
  planeImage.setAttribute("aria-label", `The decoded image. ${text}`);
  fill(planeReadouts, current.told, index, placed(current));
  clearTimeout(speaking);
  if (speak) speaking = setTimeout(() => { said.textContent = `${placed(current)}. ${text}`; }, 300);
  clearTimeout(remembering);
  remembering = setTimeout(remember, 400);
}

function moveTo(column, row, speak = true) {
  const last = current.told.side - 1;
  const to = [clamp(Math.floor(column), 0, last), clamp(Math.floor(row), 0, last)];
  if (to[0] === current.at[0] && to[1] === current.at[1]) return;
  current.at = to;
  showPlane(speak);
}

function choosePlane(index) {
  current = maps[index];
  maps.forEach(map => { map.node.hidden = map !== current; });
  current.sheet.loading = "eager";
  const radio = find(`[name="plane"][value="${index}"]`);
  if (radio) radio.checked = true;
  showPlane();
}

/* The address names the view, so that it can be shared. */
function remember() {
  try {
    history.replaceState(null, "", `#${current.told.key}:${current.at.join(",")}`);
  } catch { /* some browsers refuse to change the address of a local file */ }
}

function recall() {
  const found = /^#(\w+):(\d+),(\d+)$/.exec(location.hash);
  const index = found ? maps.findIndex(map => map.told.key === found[1]) : -1;
  if (index >= 0) {
    const last = maps[index].told.side - 1;
    maps[index].at = [clamp(+found[2], 0, last), clamp(+found[3], 0, last)];
  }
  choosePlane(Math.max(index, 0));
}

for (const { map } of maps) {
  const follow = event => {
    const box = map.getBoundingClientRect();
    const { side } = current.told;
    moveTo((event.clientX - box.left) / box.width * side, (event.clientY - box.top) / box.height * side);
  };
  map.addEventListener("pointerdown", event => {
    wander(false);
    map.setPointerCapture(event.pointerId);
    map.focus({ preventScroll: true });
    follow(event);
  });
  map.addEventListener("pointermove", event => {
    if (event.pointerType === "mouse" || map.hasPointerCapture(event.pointerId)) {
      wander(false);
      follow(event);
    }
  });
  map.addEventListener("keydown", event => {
    const stride = event.shiftKey ? 5 : 1;
    const [column, row] = current.at;
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key in steps) moveTo(column + stride * steps[event.key][0], row + stride * steps[event.key][1]);
    else if (event.key === "Home") moveTo(...current.told.centre);
    else if (event.key === "k" || event.key === "Enter") keep();
    else return;
    wander(false);
    event.preventDefault();
  });
}

/* The layer under the codes */

function shade(share, colour) {
  const [r, g, b] = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
  return [r, g, b, Math.round(255 * clamp(share, 0, 1))];
}

function judged(found, index) {
  const share = { none: 0, damaged: 0.35, clean: 1 }[verdict(found, index).grade];
  return shade(share, found.classes ? CLASSES[found.classes[index] % CLASSES.length] : "#009E73");
}

function distant(found, index) {
  const [low, high] = data.ruler.band;
  const distance = found.distances[index];
  if (distance === null || distance > high) return shade(0.3 + 0.6 * Math.min(1, (distance ?? found.farthest) / found.farthest), "#D55E00");
  if (distance < low) return shade(0.75 - 0.6 * distance / low, "#009E73");
  return shade(0.3 + 0.5 * (distance - low) / (high - low), "#0072B2");
}

function field(map, layer) {
  const canvas = find(".field", map.node);
  const colour = { judge: judged, distance: distant }[layer];
  canvas.hidden = !colour;
  if (!colour) return;
  const brush = canvas.getContext("2d");
  const image = brush.createImageData(map.told.side, map.told.side);
  for (let i = 0; i < map.told.distances.length; i += 1) image.data.set(colour(map.told, i), 4 * i);
  brush.putImageData(image, 0, 0);
}

function chooseLayer(layer) {
  document.body.dataset.layer = layer;
  maps.forEach(map => field(map, layer));
}

/* Jumps, wandering, and kept points */

const reduced = matchMedia("(prefers-reduced-motion: reduce)");
let wandering = 0;
let began = 0;

function wander(on) {
  if (on === Boolean(wandering)) return;
  all('[data-jump="wander"]').forEach(button => button.setAttribute("aria-pressed", on));
  cancelAnimationFrame(wandering);
  wandering = 0;
  if (!on) return;
  began = performance.now();
  const pace = reduced.matches ? 0.25 : 1;
  const roam = now => {
    const t = pace * (now - began) / 1000;
    const { side, centre } = current.told;
    const reach = side * 0.34;
    moveTo(centre[0] + 0.5 + reach * Math.sin(0.55 * t), centre[1] + 0.5 + reach * Math.sin(0.38 * t + 0.6), false);
    wandering = requestAnimationFrame(roam);
  };
  wandering = requestAnimationFrame(roam);
}

function nearCode() {
  const dot = current.dots[Math.floor(Math.random() * current.dots.length)];
  if (dot) moveTo(+(dot.getAttribute("cx") ?? dot.getAttribute("x")), +(dot.getAttribute("cy") ?? dot.getAttribute("y")));
}

function keep() {
  const list = find(".kept");
  const map = current;
  const at = map.at.slice();
  const copy = document.createElement("canvas");
  copy.width = planeImage.width;
  copy.height = planeImage.height;
  copy.setAttribute("role", "img");
  copy.setAttribute("aria-label", planeImage.getAttribute("aria-label"));
  copy.getContext("2d").drawImage(planeImage, 0, 0);
  const back = document.createElement("button");
  back.type = "button";
  const index = indexOf(map);
  const words = document.createElement("span");
  words.textContent = `${data.judge ? verdict(map.told, index).word + ", " : ""}at ${number(map.told.distances[index])}`;
  back.append(copy, words);
  back.addEventListener("click", () => {
    wander(false);
    map.at = at.slice();
    choosePlane(maps.indexOf(map));
  });
  const item = document.createElement("li");
  item.append(back);
  list.append(item);
}

const jumps = {
  centre: () => moveTo(...current.told.centre),
  origin: () => moveTo(...current.told.origin),
  code: nearCode,
  wander: () => wander(!wandering),
  keep,
};
for (const button of all("[data-jump]")) {
  button.addEventListener("click", () => {
    if (!["wander", "keep"].includes(button.dataset.jump)) wander(false);
    jumps[button.dataset.jump]();
  });
}

/* Paths */

const routes = all(".route").map((node, index) => ({
  node,
  told: data.routes[index],
  index,
  at: Math.floor(data.steps / 2),
  strip: find(".film", node),
  cursors: all(".cursor", node),
}));
const routeSheet = find(".all-routes");
const routeImage = document.getElementById("route-image");
const routeReadouts = find('.readouts[data-kind="route"]');
const slide = document.getElementById("slide");
let route = routes[0];

function showRoute() {
  paint(routeImage, routeSheet, route.at, route.index);
  const text = spoken(route.told, route.at);
  const place = `${Math.round(100 * route.at / (data.steps - 1))} % of the way shown`;
  routeImage.setAttribute("aria-label", `The decoded image. ${text}`);
  fill(routeReadouts, route.told, route.at, place);
  route.cursors.forEach(cursor => cursor.setAttribute("transform", `translate(${route.at + 0.5} 0)`));
  slide.value = route.at;
  slide.setAttribute("aria-valuetext", `${place}. ${text}`);
}

function stepTo(step) {
  route.at = clamp(Math.floor(step), 0, data.steps - 1);
  showRoute();
}

function strip() {
  const canvas = route.strip;
  const room = canvas.parentElement.clientWidth;
  if (!room) return;
  const count = clamp(Math.floor(room / 44), 5, data.steps);
  canvas.width = count * TILE_WIDTH;
  canvas.height = TILE_HEIGHT;
  const brush = canvas.getContext("2d");
  for (let i = 0; i < count; i += 1) {
    const step = Math.round(i * (data.steps - 1) / (count - 1));
    brush.drawImage(routeSheet, step * TILE_WIDTH, route.index * TILE_HEIGHT, TILE_WIDTH, TILE_HEIGHT, i * TILE_WIDTH, 0, TILE_WIDTH, TILE_HEIGHT);
  }
}

function chooseRoute(index) {
  route = routes[index];
  routes.forEach(other => { other.node.hidden = other !== route; });
  strip();
  showRoute();
}

for (const { node } of routes) {
  for (const surface of all(".window, .profile", node)) {
    const follow = event => {
      const box = surface.getBoundingClientRect();
      stepTo((event.clientX - box.left) / box.width * data.steps);
    };
    surface.addEventListener("pointerdown", event => {
      play(false);
      surface.setPointerCapture(event.pointerId);
      follow(event);
    });
    surface.addEventListener("pointermove", event => {
      if (event.pointerType !== "mouse" && !surface.hasPointerCapture(event.pointerId)) return;
      play(false);
      follow(event);
    });
  }
}

let playing = 0;
let forth = 1;
const playButton = document.getElementById("play");

function play(on) {
  if (on === Boolean(playing)) return;
  playButton.setAttribute("aria-pressed", on);
  playButton.textContent = on ? "Stop" : "Play";
  clearInterval(playing);
  playing = on ? setInterval(() => {
    if (route.at + forth < 0 || route.at + forth >= data.steps) forth = -forth;
    stepTo(route.at + forth);
  }, reduced.matches ? 400 : 80) : 0;
}

playButton.addEventListener("click", () => play(!playing));
slide.addEventListener("input", () => {
  play(false);
  stepTo(+slide.value);
});
find('[name="route"]').addEventListener("change", event => chooseRoute(+event.target.value));
all('[name="plane"]').forEach(radio => radio.addEventListener("change", () => {
  wander(false);
  choosePlane(+radio.value);
}));
all('[name="layer"]').forEach(radio => radio.addEventListener("change", () => chooseLayer(radio.value)));
find('[name="codes"]').addEventListener("change", event => document.body.classList.toggle("bare", !event.target.checked));
addEventListener("resize", strip);
addEventListener("hashchange", recall);
if (routeSheet.complete && routeSheet.naturalWidth) strip();
else routeSheet.addEventListener("load", strip, { once: true });

/* Browsers restore the chosen options when the user returns to a page. */
chooseLayer((find('[name="layer"]:checked') ?? {}).value ?? "images");
document.body.classList.toggle("bare", !find('[name="codes"]').checked);
recall();
chooseRoute(+find('[name="route"]').value);
