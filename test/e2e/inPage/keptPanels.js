/** Called with the workbench: the titles of the canvases that VS Code would show again after a reload, as it wrote them down. */
async (workbench) => {
  const { indexedDB } = workbench.ownerDocument.defaultView;
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const titles = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith("vscode-web-state-db-")) continue;
    const database = await answer(indexedDB.open(name));
    try {
      if (!database.objectStoreNames.contains("ItemTable")) continue;
      const items = database.transaction("ItemTable").objectStore("ItemTable");
      const editors = String((await answer(items.get("memento/workbench.parts.editor"))) ?? "");
      titles.push(...[...editors.matchAll(/"([^"\\]+ graph)\\*"/g)].map(([, title]) => title));
    } finally {
      database.close();
    }
  }
  return [...new Set(titles)].sort();
};
