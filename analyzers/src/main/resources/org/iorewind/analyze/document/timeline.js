// Lets the reader look into the timeline. Everything it shows comes from the data in the page; text is set as text.
(function () {
  "use strict";
  var box = document.getElementById("timeline");
  var source = document.getElementById("timeline-data");
  if (!box || !source || typeof uPlot !== "function") {
    return;
  }
  var data = JSON.parse(source.textContent);
  if (data.slices < 1) {
    return;
  }
  document.documentElement.classList.add("script");
  box.hidden = false;
  var place = document.getElementById("timeline-plot");
  var shown = document.getElementById("timeline-shown");
  var command = document.getElementById("timeline-command");
  var NS = 1e9;
  var first = data.start / NS;
  var last = (data.start + data.slices * data.slice) / NS;
  var shortest = Math.max(data.slice / NS * 4, 1e-9);
  var visible = data.rows.map(function () { return true; });
  var plot = null;
  var range = [first, last];

  // Points at the middle of each slice; what is not there is a hole.
  var times = [];
  for (var i = 0; i < data.slices; i++) {
    times.push((data.start + (i + 0.5) * data.slice) / NS);
  }
  var columns = data.rows.map(function (row) {
    var counts = new Array(data.slices).fill(null);
    for (var j = 0; j < row.counts.length; j += 2) {
      counts[row.counts[j]] = row.counts[j + 1];
    }
    return counts;
  });

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }
  var variables = { "k-input": "--input", "k-observation": "--observation", "k-marker": "--marker", "k-book": "--book" };

  function seconds(value) {
    return value.toFixed(6) + "s";
  }

  function marks(u) {
    var context = u.ctx;
    context.save();
    context.strokeStyle = colour("--bad");
    context.setLineDash([2, 3]);
    data.marks.forEach(function (mark) {
      var at = mark[0] / NS;
      if (at >= u.scales.x.min && at <= u.scales.x.max) {
        var x = Math.round(u.valToPos(at, "x", true)) + 0.5;
        context.beginPath();
        context.moveTo(x, u.bbox.top);
        context.lineTo(x, u.bbox.top + u.bbox.height);
        context.stroke();
      }
    });
    context.restore();
  }

  // What is in sight, in words and as a command that gives it again.
  function tell(u) {
    var from = u.scales.x.min;
    var to = u.scales.x.max;
    if (from == null || to == null) {
      return;
    }
    range = [from, to];
    var parts = [];
    var all = 0;
    data.rows.forEach(function (row, index) {
      var sum = 0;
      for (var j = 0; j < row.counts.length; j += 2) {
        var at = times[row.counts[j]];
        if (at >= from && at <= to) {
          sum += row.counts[j + 1];
        }
      }
      all += sum;
      if (sum > 0 && visible[index]) {
        parts.push(row.name + " " + sum.toLocaleString("en"));
      }
    });
    var faults = data.marks.filter(function (mark) { return mark[0] / NS >= from && mark[0] / NS <= to; });
    shown.textContent = seconds(from) + " to " + seconds(to) + ": " + all.toLocaleString("en") + " events, "
      + faults.length + (faults.length === 1 ? " group" : " groups") + " of faults. " + parts.join(", ") + ".";
    command.textContent = data.command + "'timeNs >= " + Math.floor(from * NS) + " && timeNs <= " + Math.ceil(to * NS) + "'";
    box.dataset.from = String(from);
    box.dataset.to = String(to);
  }

  function show(from, to) {
    var length = Math.min(Math.max(to - from, shortest), last - first);
    var start = Math.min(Math.max(from, first), last - length);
    plot.setScale("x", { min: start, max: start + length });
  }

  function zoom(factor, centre) {
    var middle = centre == null ? (range[0] + range[1]) / 2 : centre;
    show(middle - (middle - range[0]) * factor, middle + (range[1] - middle) * factor);
  }

  function act(what) {
    var length = range[1] - range[0];
    if (what === "in") {
      zoom(0.5);
    } else if (what === "out") {
      zoom(2);
    } else if (what === "left") {
      show(range[0] - length / 4, range[1] - length / 4);
    } else if (what === "right") {
      show(range[0] + length / 4, range[1] + length / 4);
    } else {
      show(first, last);
    }
  }

  function draw() {
    var grid = { stroke: colour("--line"), width: 1 };
    var kept = range.slice();
    if (plot) {
      plot.destroy();
    }
    var series = [{ label: "time" }].concat(data.rows.map(function (row, index) {
      var ink = colour(variables[row.style] || "--book");
      return {
        label: row.name, stroke: ink, width: 1, show: visible[index], spanGaps: false, scale: "y",
        paths: uPlot.paths.bars({ size: [1, Infinity, 1], align: 0 }),
        fill: ink + "55", points: { show: false }
      };
    }));
    plot = new uPlot({
      width: Math.max(place.clientWidth, 320), height: 300, legend: { show: false }, series: series,
      cursor: { drag: { x: true, y: false } },
      scales: {
        x: { time: false, min: kept[0], max: kept[1] },
        y: { distr: 3, log: 10, range: function (u, low, high) { return [0.7, Math.max(high || 1, 10)]; } }
      },
      axes: [
        { stroke: colour("--muted"), grid: grid, ticks: grid,
          values: function (u, splits) { return splits.map(function (v) { return v + "s"; }); } },
        { stroke: colour("--muted"), grid: grid, ticks: grid, size: 64,
          values: function (u, splits) { return splits.map(function (v) { return Math.log10(v) % 1 === 0 ? v.toLocaleString("en") : null; }); } }
      ],
      hooks: { draw: [marks], setScale: [function (u, key) { if (key === "x") { tell(u); } }] }
    }, [times].concat(columns), place);
    show(kept[0], kept[1]);
    plot.over.addEventListener("dblclick", function () { act("all"); });
  }

  var kinds = box.querySelector(".kinds");
  data.rows.forEach(function (row, index) {
    var label = document.createElement("label");
    var check = document.createElement("input");
    check.type = "checkbox";
    check.checked = true;
    check.addEventListener("change", function () {
      visible[index] = check.checked;
      plot.setSeries(index + 1, { show: check.checked });
      tell(plot);
    });
    label.className = row.style;
    label.append(check, document.createTextNode(row.name));
    kinds.append(label);
  });
  box.querySelectorAll("button").forEach(function (button) {
    button.addEventListener("click", function () { act(button.dataset.do); });
  });
  var keys = { "+": "in", "=": "in", "-": "out", "_": "out", ArrowLeft: "left", ArrowRight: "right",
    ArrowUp: "in", ArrowDown: "out", "0": "all", Home: "all", Escape: "all" };
  place.addEventListener("keydown", function (event) {
    if (keys[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      act(keys[event.key]);
    }
  });
  place.addEventListener("wheel", function (event) {
    // A page must be able to scroll past: only with a key, or sideways.
    if (event.ctrlKey || event.shiftKey) {
      event.preventDefault();
      var left = plot.over.getBoundingClientRect().left;
      zoom(event.deltaY + event.deltaX > 0 ? 1.25 : 0.8, plot.posToVal(event.clientX - left, "x"));
    }
  }, { passive: false });
  window.addEventListener("resize", function () {
    plot.setSize({ width: Math.max(place.clientWidth, 320), height: 300 });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  // On paper every chain of causes is open.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (each) {
      each.dataset.was = each.open ? "open" : "";
      each.open = true;
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details").forEach(function (each) { each.open = each.dataset.was === "open"; });
  });
  draw();
})();
