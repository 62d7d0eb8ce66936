// What is wrong with a page for who hears it or needs contrast: one line each, an empty text if nothing is.
(function () {
  "use strict";
  var wrong = [];
  function all(selector) {
    return Array.from(document.querySelectorAll(selector));
  }
  function isSeen(each) {
    return each.getClientRects().length > 0 && getComputedStyle(each).visibility === "visible";
  }
  function named(ids) {
    return ids.split(" ").map(function (id) {
      var it = document.getElementById(id);
      return it ? it.textContent.trim() : "";
    }).join(" ").trim();
  }
  function name(each) {
    return each.getAttribute("aria-label") || (each.getAttribute("aria-labelledby") && named(each.getAttribute("aria-labelledby")))
      || (each.labels && each.labels.length && each.labels[0].textContent.trim()) || each.textContent.trim();
  }
  function tell(what, each) {
    wrong.push(what + ": " + each.outerHTML.slice(0, 120));
  }

  ["main", "body > header", "body > footer", "nav", "h1"].forEach(function (selector) {
    if (all(selector).length !== 1) {
      wrong.push(all(selector).length + " of " + selector);
    }
  });
  if (!document.documentElement.lang || !document.title.trim()) {
    wrong.push("no language or title");
  }
  var last = 0;
  all("h1, h2, h3, h4, h5, h6").filter(isSeen).forEach(function (each) {
    var level = Number(each.tagName[1]);
    if (level > last + 1) {
      tell("h" + level + " after h" + last, each);
    }
    last = level;
  });
  all("a, button, input, summary, nav, section, article, [tabindex], [role=img], [role=region], [role=application]")
    .filter(isSeen).forEach(function (each) {
      if (!name(each)) {
        tell("no name", each);
      }
    });
  all("table").forEach(function (each) {
    if (!each.caption || !each.querySelector("th[scope=col]")) {
      tell("no caption or heads", each);
    }
  });
  var ids = all("[id]").map(function (each) { return each.id; });
  ids.filter(function (id, at) { return ids.indexOf(id) !== at; }).forEach(function (id) { wrong.push("twice: " + id); });

  function parts(colour) {
    return colour.match(/[0-9.]+/g).map(Number);
  }
  function light(rgb) {
    var linear = rgb.slice(0, 3).map(function (part) {
      var share = part / 255;
      return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  }
  function behind(each) {
    for (var at = each; at; at = at.parentElement) {
      var colour = parts(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) {
        return colour;
      }
    }
    return [255, 255, 255];
  }
  var seen = {};
  var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    var holder = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !holder || ["SCRIPT", "STYLE"].includes(holder.tagName) || !isSeen(holder)) {
      continue;
    }
    var style = getComputedStyle(holder);
    var ink = parts(holder instanceof SVGElement ? style.fill : style.color);
    var paper = behind(holder);
    var pair = ink.join() + " on " + paper.join();
    var size = parseFloat(style.fontSize);
    var least = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700 ? 3 : 4.5;
    var bright = Math.max(light(ink), light(paper));
    var dark = Math.min(light(ink), light(paper));
    if ((bright + 0.05) / (dark + 0.05) < least && !seen[pair]) {
      seen[pair] = true;
      tell("contrast " + ((bright + 0.05) / (dark + 0.05)).toFixed(2) + ", " + pair, holder);
    }
  }
  return wrong.join("\n");
})()
