import type { HistoryEntry } from "../model/result.js";
import type { KeptNames } from "../model/keptNames.js";
import { splitControl } from "../model/keptNames.js";
import type { StoredValue } from "../model/value.js";
import { NameMap } from "./nameMap.js";
import { digestOf } from "./storedValue.js";
import type { WorkflowStore } from "./workflowStore.js";

/** What takes or gives names of nodes and controls. */
type Named = Pick<
  WorkflowStore,
  "putResult" | "sheet" | "setInput" | "select" | "appendHistory" | "beginItems" | "history" | "nodeStates" | "clear"
>;

/** The store as it looks to whoever calls nodes and controls by these names. Several views of one store may be in use at a time. */
export function namedStore(store: WorkflowStore, names: KeptNames): WorkflowStore {
  const map = new NameMap(names);
  const inwards = (entry: HistoryEntry): HistoryEntry => ({ ...entry, node: map.kept(entry.node) });
  const outwards = (entry: HistoryEntry): HistoryEntry[] => {
    const node = map.node(entry.node);
    return node === null ? [] : [{ ...entry, node }];
  };
  const named: Named = {
    putResult: (record) => store.putResult({ ...record, node: map.kept(record.node) }),
    sheet: async (name) => {
      const sheet = await store.sheet(name);
      const values = Object.entries(sheet.values).flatMap(([kept, value]): [string, StoredValue][] => {
        const control = map.control(kept);
        return control === null ? [] : [[control, variant(map, kept, value, (id) => map.node(id))]];
      });
      return { ...sheet, values: Object.fromEntries(values) };
    },
    setInput: (sheet, control, value) => {
      const kept = map.keptControl(control);
      return store.setInput(sheet, kept, value && variant(map, kept, value, (id) => map.kept(id)));
    },
    select: (sheet, node, result) => store.select(sheet, map.kept(node), result),
    appendHistory: (sheet, entry) => store.appendHistory(sheet, inwards(entry)),
    beginItems: (sheet, node, runId) => store.beginItems(sheet, map.kept(node), runId),
    history: async (sheet, node) => {
      const entries = await (node === undefined ? store.history(sheet) : store.history(sheet, map.kept(node)));
      return entries.flatMap(outwards);
    },
    nodeStates: async (sheet) => {
      const states = Object.entries(await store.nodeStates(sheet));
      return Object.fromEntries(
        states.flatMap(([kept, memory]) => {
          const node = map.node(kept);
          return node === null ? [] : [[node, memory]];
        }),
      );
    },
    clear: (node) => (node === undefined ? store.clear() : store.clear(map.kept(node))),
  };
  // What names nothing is the store's own, whatever that has now or later.
  return new Proxy(store, {
    get(target, key) {
      const own: unknown = Reflect.get(Object.hasOwn(named, key) ? named : target, key, target);
      return typeof own === "function" && !Object.hasOwn(named, key) ? (own.bind(target) as unknown) : own;
    },
  });
}

/** Which variant a choice has selected is the name of a node itself. */
function variant(map: NameMap, kept: string, value: StoredValue, name: (id: string) => string | null): StoredValue {
  const [node, rest] = splitControl(kept) ?? [];
  if (node === undefined || rest !== ".variant" || !map.isChoice(node)) return value;
  if (value.kind !== "inline" || typeof value.value !== "string") return value;
  const called = name(value.value);
  if (called === null || called === value.value) return value;
  return { kind: "inline", digest: digestOf(called), value: called };
}
