/* global MutationObserver */
/** Called in the canvas's page with its body: notes in `window.glimpses` what the cards show, whenever that changes. */
(body) => {
  const { defaultView: window } = body.ownerDocument;
  window.glimpses = [];
  const last = new Map();
  const look = () => {
    for (const card of body.querySelectorAll(".svelte-flow__node")) {
      const status = card.querySelector("[data-status]");
      const progress = card.querySelector("[role=progressbar]")?.getAttribute("aria-valuenow") ?? null;
      const glimpse = {
        node: card.dataset.id,
        tone: status ? [...status.classList].find((name) => name !== "status" && !name.startsWith("svelte-")) : "",
        status: status?.dataset.status ?? "",
        length: [...card.querySelectorAll(".outputs .value")].reduce((sum, value) => sum + value.textContent.length, 0),
        progress: progress === null ? null : Number(progress),
      };
      const text = JSON.stringify(glimpse);
      if (last.get(glimpse.node) === text) continue;
      last.set(glimpse.node, text);
      window.glimpses.push(glimpse);
    }
  };
  look();
  new MutationObserver(look).observe(body, { subtree: true, childList: true, characterData: true, attributes: true });
};
