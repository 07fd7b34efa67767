// Returns what is wrong with the page that is shown, in words.
({ language, least, ofLarge }) => {
  const faults = [];
  const text = (node) => (node.textContent || "").replace(/\s+/g, " ").trim();
  const seen = (node) => {
    const box = node.getBoundingClientRect();
    return node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && box.width > 1 && box.height > 1;
  };
  const told = (node) => `<${node.tagName.toLowerCase()}> ${text(node).slice(0, 40)}`;

  if (document.documentElement.lang !== language) faults.push(`the language is ${document.documentElement.lang}`);

  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((one) => Number(one.tagName[1]));
  if (levels[0] !== 1 || levels.filter((one) => one === 1).length !== 1) faults.push(`headings are ${levels}`);
  levels.slice(1).forEach((one, at) => { if (one > levels[at] + 1) faults.push(`h${one} follows h${levels[at]}`); });

  for (const one of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const named = [...(one.labels || [])].some(text) || one.ariaLabel || one.ariaHidden === "true";
    if (!named) faults.push(`no label: ${one.name}`);
  }
  for (const one of document.querySelectorAll("a[href], button, summary")) {
    if (!text(one) && !one.ariaLabel) faults.push(`no name: ${one.outerHTML.slice(0, 80)}`);
  }
  for (const one of document.querySelectorAll("img:not([alt])")) faults.push(`no alt: ${one.src}`);
  for (const one of document.querySelectorAll("svg")) {
    if (!one.ariaLabel && one.ariaHidden !== "true") faults.push("a drawing without a name");
  }
  for (const kind of ["aria-labelledby", "aria-describedby"]) {
    for (const one of document.querySelectorAll(`[${kind}]`)) {
      for (const id of one.getAttribute(kind).split(" ")) {
        if (!document.getElementById(id)) faults.push(`${kind} names ${id}, which is not there`);
      }
    }
  }

  // A colour as the browser paints it; what is behind it shines through where it is not opaque.
  const parts = (colour) => {
    const numbers = colour.match(/[\d.]+/g).map(Number);
    const scale = colour.startsWith("color(") ? 255 : 1;
    return [...numbers.slice(0, 3).map((one) => one * scale), numbers[3] ?? 1];
  };
  const over = (top, below) => top.slice(0, 3).map((one, at) => one * top[3] + below[at] * (1 - top[3]));
  const ground = (node) => {
    if (!node) return [255, 255, 255];
    const own = parts(getComputedStyle(node).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, ground(node.parentElement));
  };
  const light = (colour) => {
    const [red, green, blue] = colour.map((one) => one / 255).map(
      (one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  for (const one of document.querySelectorAll("body *")) {
    const speaks = [...one.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
    if (!speaks || !seen(one) || one.disabled || one.closest("svg, option")) continue;
    const style = getComputedStyle(one);
    const behind = ground(one);
    const [low, high] = [light(behind), light(over(parts(style.color), behind))].sort((a, b) => a - b);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? ofLarge : least)) faults.push(`contrast ${ratio.toFixed(2)}: ${told(one)}`);
  }
  return faults;
}
