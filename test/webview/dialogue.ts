/** A workflow with a list whose items can be edited before what follows runs. */
import { editControl } from "../../src/model/editedLists.js";
import type { Value } from "../../src/model/value.js";
import type { WorkflowState } from "../../src/model/workflowState.js";
import { inline } from "./fakeHost.js";
import { FN, fresh, gr, graph, node, wire, workflow } from "./graphs.js";

export type Line = Record<string, Value>;

export const GIVEN: readonly Line[] = [
  { speaker: "host", text: "Welcome.", mood: "warm" },
  { speaker: "guest", text: "<b>Thanks</b>" },
];

export const SCRIPT = {
  component: "ItemList",
  fields: {
    speaker: gr("Dropdown", { label: "Speaker", choices: ["host", "guest"] }),
    text: gr("Textbox", { label: "Text" }, "…"),
    pause: gr("Number", { label: "Pause", maximum: 9 }),
  },
} as const;

/** write → speak, once a line. */
export function dialogue(lines: readonly Line[] = GIVEN): WorkflowState {
  const write = node("write", FN("write"), {}, { lines: SCRIPT });
  const speak = node("speak", FN("speak", 8), { text: "edge" }, { audio: gr("Textbox") });
  const of = graph([write, speak], [wire("write.lines -> speak.text", "scatter", { field: "text" })]);
  return workflow(of, { write: fresh({ lines: [...lines] }) });
}

/** The same, edited. */
export function editedDialogue(): WorkflowState {
  const state = dialogue();
  const edited = [...GIVEN, { speaker: "host", text: "Tell us about the bees.", pause: 2 }];
  const values = { [editControl("write", "lines", inline([...GIVEN]).digest)]: inline(edited) };
  return { ...state, sheet: { ...state.sheet, values } };
}
