/** Called with a document's root: how far the document has come, in words. */
(root) => {
  const { readyState, visibilityState } = root.ownerDocument;
  const app = root.querySelector("#app");
  const content = app ? `, the app with ${app.childElementCount} elements` : "";
  return `${readyState}, ${visibilityState}, ${root.querySelectorAll("*").length} elements${content}`;
};
