/**
 * Called with the element that has the focus: whether one can see that it does, by an outline or a border of its own, of
 * a part of it, or of the card that it is.
 */
(element) => {
  const { defaultView: window } = element.ownerDocument;
  const focus = window.getComputedStyle(element).getPropertyValue("--vscode-focusBorder").trim();
  const probe = Object.assign(element.ownerDocument.createElement("span"), { style: `color: ${focus}` });
  element.ownerDocument.body.append(probe);
  const { color } = window.getComputedStyle(probe);
  probe.remove();
  const parts = [element, ...element.querySelectorAll("*"), ...(element.shadowRoot?.querySelectorAll("*") ?? [])];
  return parts.some((part) => {
    const style = window.getComputedStyle(part);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    return outlined || (style.borderTopColor === color && parseFloat(style.borderTopWidth) >= 1);
  });
};
