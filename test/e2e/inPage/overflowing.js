/**
 * Called with a card or the toolbar: what in it reaches beyond its sides, but for the ports that sit on them and what
 * scrolls or is cut off with an ellipsis on purpose.
 */
(box) => {
  const { left, right } = box.getBoundingClientRect();
  const clipped = (element) => {
    for (let at = element.parentElement; at && at !== box; at = at.parentElement) {
      if (at.ownerDocument.defaultView.getComputedStyle(at).overflowX !== "visible") return true;
    }
    return false;
  };
  return [...box.querySelectorAll("*")]
    .filter((element) => !element.closest(".svelte-flow__handle, .unseen, svg") && !clipped(element))
    .filter((element) => {
      const place = element.getBoundingClientRect();
      return place.width > 0 && (place.left < left - 1 || place.right > right + 1);
    })
    .map((element) => `${element.tagName.toLowerCase()}.${[...element.classList].join(".")}`);
};
