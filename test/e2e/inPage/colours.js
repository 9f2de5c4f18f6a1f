/* global document, getComputedStyle */
/**
 * Called with an element that holds text: WCAG's contrast of the text's colour against what lies behind it, from the
 * computed colours of the element and of everything around it.
 */
(element) => {
  const context = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", {
    willReadFrequently: true,
  });
  /** Any CSS colour over another, as the browser itself blends them. */
  const paint = (...colours) => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const around = [];
  let opacity = 1;
  for (let at = element; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    around.unshift(style.backgroundColor);
    opacity *= Number(style.opacity);
  }
  const behind = paint("white", ...around);
  const [r, g, b] = behind;
  const { color } = getComputedStyle(element);
  const solid = paint(`rgb(${r} ${g} ${b})`, color);
  const text = solid.map((part, index) => Math.round(part * opacity + behind[index] * (1 - opacity)));
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [darker, lighter] = [luminance(text), luminance(behind)].sort((one, other) => one - other);
  return { contrast: (lighter + 0.05) / (darker + 0.05), text, behind, words: element.textContent.trim().slice(0, 40) };
};
