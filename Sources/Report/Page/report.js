"use strict";
// Draws the charts and puts numbers into the tables when a reader chooses. All texts come ready from the results.
(() => {
  const results = JSON.parse(document.getElementById("results").textContent);
  const { dimensions, series, cycles, cells, indicators, charts, absence } = results;
  const places = new Map(cells.map((members, place) => [JSON.stringify(members), place]));
  // By indicator and cycle, then by the place of a cell: [cell, value, low, high, n, value in words, interval in words].
  const byCell = (rows) => new Map(rows.map((row) => [row[0], row]));
  const estimates = indicators.map((indicator) => indicator.estimates.map(byCell));
  const changes = indicators.map((indicator) =>
    Object.fromEntries(Object.entries(indicator.changes).map(([basis, lists]) => [basis, lists.map(byCell)])));
  const choice = { members: dimensions.map(() => null), basis: "all", words: [] };
  const canDraw = Boolean(window.vegaEmbed);
  const narrow = 560;

  const placeOf = (members) => places.get(JSON.stringify(members));
  const chosenPlace = () => placeOf(choice.members);

  // MARK: rows of the charts

  // label, series, value, low, high, text, year, part of the series between breaks
  function chartRow(indicator, from, place, label) {
    const row = estimates[indicator][from.place].get(place);
    if (!row || row[1] === null) return null;
    const [, value, low, high, n, words, interval] = row;
    return {
      label, series: from.label, value, low: low ?? value, high: high ?? value, year: from.year ?? null,
      part: indicators[indicator].parts[from.place],
      text: `${label}, ${from.label}: ${words} % (${interval}), n = ${n}`,
    };
  }

  // Paler marks lie below: the earliest cycle is drawn first.
  const backwards = [...series].reverse();

  function rowsOfGoal(goal, width) {
    const place = chosenPlace();
    if (place === undefined) return [];
    const shown = indicators.map((indicator, number) => ({ indicator, number }))
      .filter(({ indicator, number }) => indicator.goal === goal && !indicator.isCount && isFound(number));
    const label = ({ indicator }) => (width < narrow ? indicator.id : `${indicator.id}  ${indicator.title}`);
    return inOrder(shown, label, ({ number }, from, text) => chartRow(number, from, place, text));
  }

  function rowsOfMembers(indicator, dimension) {
    const found = dimensions[dimension].members.map((member) => {
      const members = choice.members.slice();
      members[dimension] = member.code;
      return { place: placeOf(members), label: member.label };
    }).filter(({ place }) => place !== undefined);
    return inOrder(found, ({ label }) => label, ({ place }, from, text) => chartRow(indicator, from, place, text));
  }

  // The axis follows the order of the rows, so the first cycle that has a row must not decide it.
  function inOrder(things, label, row) {
    const labels = things.map(label);
    const rows = backwards.flatMap((from) => things.map((thing, index) => row(thing, from, labels[index])).filter(Boolean));
    const used = labels.filter((text) => rows.some((row) => row.label === text));
    return { rows, order: used };
  }

  function rowsOfLine(indicator) {
    const place = chosenPlace();
    if (place === undefined) return { rows: [] };
    return { rows: cycles.map((from) => chartRow(indicator, from, place, from.label)).filter(Boolean) };
  }

  // MARK: drawing

  // The variables of the page, so that charts follow its theme and its print without being drawn again.
  const theme = {
    background: "transparent", font: getComputedStyle(document.body).fontFamily, view: { stroke: null },
    axis: {
      labelColor: "var(--ink)", titleColor: "var(--quiet)", gridColor: "var(--line)", domainColor: "var(--line)",
      tickColor: "var(--line)", labelFontSize: 12, titleFontSize: 11, titleFontWeight: "normal",
    },
    legend: { labelColor: "var(--ink)", labelFontSize: 12, symbolSize: 75 },
    range: { category: ["var(--now)", "var(--before)", "var(--first)"] },
    style: {
      whisker: { color: "var(--now)", opacity: 0.75 }, dot: { opacity: 1 }, band: { color: "var(--now)", opacity: 0.18 },
      trend: { color: "var(--now)" }, "trend-dot": { color: "var(--now)", opacity: 1 },
    },
  };

  async function draw(element) {
    const kind = element.dataset.chart;
    const article = element.closest("[data-indicator]");
    const indicator = article ? Number(article.dataset.indicator) : null;
    const width = element.clientWidth;
    const found = kind === "goal" ? rowsOfGoal(Number(element.dataset.goal), width)
      : kind === "members" ? rowsOfMembers(indicator, Number(element.dataset.dimension)) : rowsOfLine(indicator);
    element.dataset.marks = found.rows ? found.rows.length : 0;
    if (!found.rows || found.rows.length === 0) {
      const text = document.createElement("p");
      text.textContent = "Nothing to draw for this choice.";
      element.replaceChildren(text);
      return;
    }
    const specification = structuredClone(kind === "line" ? charts.line : charts.dots);
    specification.datasets = { rows: found.rows };
    if (found.order) {
      specification.height = charts.rowHeight * found.order.length;
      specification.encoding.y.sort = found.order;
      specification.encoding.y.axis.labelLimit = Math.round(width * (width < narrow ? 0.5 : 0.52));
    }
    if (kind === "line" && found.rows[0].year !== null) {
      specification.encoding.x.axis.values = found.rows.map((row) => row.year);
    }
    if (indicator !== null) specification.description += `: ${indicators[indicator].id} ${indicators[indicator].title}`;
    await vegaEmbed(element, specification, { renderer: "svg", actions: false, defaultStyle: false, config: theme });
  }

  // A page may have hundreds of charts: those in sight come first, the others whenever there is time. One is drawn
  // after the other, since a chart that is begun twice may never end.
  const waiting = new Set();
  const inSight = new Set();
  const observer = canDraw && new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting && waiting.has(target)) inSight.add(target);
    }
  }, { rootMargin: "300px" });
  const idle = () => new Promise((resume) => {
    if (window.requestIdleCallback) requestIdleCallback(resume, { timeout: 100 });
    else setTimeout(resume, 20);
  });
  let isDrawing = false;

  function drawAll() {
    if (!canDraw) return;
    delete document.documentElement.dataset.drawn;
    for (const element of document.querySelectorAll(".chart")) {
      waiting.add(element);
      observer.unobserve(element);
      observer.observe(element);
    }
    if (!isDrawing) drawWaiting();
  }

  async function drawWaiting() {
    isDrawing = true;
    while (waiting.size > 0) {
      if (inSight.size === 0) await idle();
      const [element] = inSight.size > 0 ? inSight : waiting;
      inSight.delete(element);
      waiting.delete(element);
      try {
        await draw(element);
      } catch (error) {
        console.error(error);
      }
    }
    isDrawing = false;
    document.documentElement.dataset.drawn = "";
  }

  // MARK: tables

  const grouping = (members) => members.flatMap((code, position) => (code === null ? [] : [position]));
  const everyone = placeOf(dimensions.map(() => null));
  // By indicator, what the first cycle is broken down by.
  const groupings = estimates.map(([main]) => new Set([...main.keys()].map((place) => JSON.stringify(grouping(cells[place])))));

  // Why an indicator has no row for the members that are chosen, in the words of the other forms of the results.
  function whyAbsent(indicator) {
    const total = estimates[indicator][0].get(everyone);
    if (total && total[6] === absence.notAsked) return absence.notAsked;
    const chosen = grouping(choice.members);
    if (groupings[indicator].has(JSON.stringify(chosen))) return absence.noData;
    const known = new Set([...groupings[indicator]].flatMap((positions) => JSON.parse(positions)));
    const lacking = chosen.filter((position) => !known.has(position));
    const names = (lacking.length > 0 ? lacking : chosen).map((position) => dimensions[position].title);
    return `${absence.notBrokenDown} ${names.join(absence.and)}`;
  }

  function fill(row, indicator, place) {
    const estimate = place === undefined ? undefined : estimates[indicator][0].get(place);
    const cells = row.querySelectorAll("td");
    const texts = estimate ? estimate.slice(4, 7) : ["", "", whyAbsent(indicator)];
    texts.forEach((text, index) => { cells[index].textContent = text; });
    (changes[indicator][choice.basis] ?? []).forEach((list, index) => {
      const [, text, interval] = (place !== undefined && list.get(place)) || [place, "", ""];
      const small = document.createElement("small");
      small.textContent = ` ${interval}`;
      cells[3 + index].replaceChildren(text, small);
    });
  }

  function fillTables() {
    for (const row of document.querySelectorAll("#overview tr[data-indicator]")) {
      fill(row, Number(row.dataset.indicator), chosenPlace());
    }
    for (const row of document.querySelectorAll("article tr[data-cell]")) {
      fill(row, Number(row.closest("article").dataset.indicator), Number(row.dataset.cell));
    }
  }

  // MARK: choices

  const texts = indicators.map((indicator) => `${indicator.id} ${indicator.title}`.toLowerCase());
  const isFound = (number) => choice.words.every((word) => texts[number].includes(word));

  function search() {
    let count = 0;
    indicators.forEach((_, number) => { count += isFound(number) ? 1 : 0; });
    for (const element of document.querySelectorAll("tr[data-indicator], article[data-indicator]")) {
      element.hidden = !isFound(Number(element.dataset.indicator));
    }
    for (const goal of document.querySelectorAll(".goal")) {
      goal.hidden = !goal.querySelector("tr[data-indicator]:not([hidden])");
    }
    document.getElementById("shown").textContent = `${count} of ${indicators.length} indicators`;
  }

  function show() {
    const labels = choice.members.map((code, index) => code === null ? null
      : dimensions[index].members.find((member) => member.code === code)?.label ?? code).filter((label) => label !== null);
    document.getElementById("chosen").textContent = labels.join(", ");
    search();
    fillTables();
    drawAll();
  }

  for (const select of document.querySelectorAll("select[data-dimension]")) {
    select.addEventListener("change", () => {
      choice.members[Number(select.dataset.dimension)] = select.selectedIndex === 0 ? null : select.value;
      show();
    });
  }
  document.getElementById("basis")?.addEventListener("change", (event) => {
    choice.basis = event.target.value;
    show();
  });
  document.getElementById("search").addEventListener("input", (event) => {
    choice.words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    show();
  });
  document.querySelector("form.choices").addEventListener("submit", (event) => event.preventDefault());

  // MARK: download and size

  // Text that a spreadsheet would run as a formula is made harmless, as in the files of the run.
  const field = (text) => {
    const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };

  for (const button of document.querySelectorAll("button.download")) {
    button.addEventListener("click", () => {
      const table = button.parentElement.querySelector("table");
      const lines = [...table.rows].map((row) => [...row.cells].map((cell) => field(cell.textContent)).join(","));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([`\uFEFF${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
      link.download = `${table.dataset.name.replace(/[^\p{L}\p{N}._-]+/gu, "-")}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      drawAll();
    }
  });
  show();
})();
