import { afterEach, expect, test } from "vitest";
import type { Answer } from "../../../src/model/question.js";
import { Workspace } from "./workspace.js";

let w: Workspace;
afterEach(() => w.dispose());

const APPROVAL = `import { ApproveNode, FnNode, Graph, gr } from "daggr";

const draft = new FnNode(({ topic }: { topic: string }) => "about " + topic, { inputs: { topic: gr.Textbox({ value: "bees" }) }, outputs: { text: gr.Textbox() } });
const approved = new ApproveNode({ inputs: { draft: draft.text } });
const send = new FnNode(({ text }: { text: string }) => "sent " + text, { inputs: { text: approved.draft } });
const aside = new FnNode(() => "meanwhile");
export default new Graph({ name: "approval", nodes: [send, aside] });
`;

const CHOICE = `import { ChooseOneNode, FnNode, Graph, gr } from "daggr";

const list = new FnNode(({ text }: { text: string }) => text === "" ? [] : text.split(" "), { inputs: { text: gr.Textbox({ value: "a b c" }) }, outputs: { words: gr.JSON() } });
const best = new ChooseOneNode({ inputs: { options: list.words } });
const use = new FnNode(({ word }: { word: unknown }) => "used " + String(word), { inputs: { word: best.chosen } });
export default new Graph({ name: "choice", nodes: [use] });
`;

/** Starts a run, and answers once a node asks. */
async function asked(node: string, request: Parameters<Workspace["run"]>[0] = {}) {
  const end = w.run(request);
  const asks = w.until(({ nodes }) => {
    const activity = nodes[node]?.activity;
    return activity?.kind === "running" && activity.question !== undefined;
  });
  const isAsked = await Promise.race([asks.then(() => true), end.then(() => false)]);
  expect(isAsked, `${node} asks`).toBe(true);
  return { end };
}

test("a run waits for approval while the rest goes on, and the answer is kept as a result", async () => {
  w = await Workspace.create(APPROVAL);
  await w.open();
  const { end } = await asked("approved");
  await w.until(({ nodes }) => nodes.aside?.outcome.kind === "succeeded");
  const { activity } = w.node("approved");
  expect(activity.kind === "running" && activity.question).toMatchObject({
    kind: "approve",
    inputs: { draft: { value: "about bees" } },
  });
  expect(w.node("send").activity).toEqual({ kind: "waiting" });
  expect(await w.engine.answer(w.file, "approved", null, { kind: "approve" })).toEqual({ ok: true, value: undefined });
  expect(await end).toMatchObject({ ok: true, value: { status: "succeeded", executed: 4 } });
  expect(w.output("send")).toBe("sent about bees");
  expect(w.node("approved").result?.answer).toEqual({ kind: "approve" });

  await w.reopen();
  expect(w.node("approved").freshness).toEqual({ kind: "fresh" });
  expect(w.node("approved").result?.answer).toEqual({ kind: "approve" });
  expect(await w.run()).toMatchObject({ ok: true, value: { executed: 0, reused: 4 } });
});

test("what will be answered otherwise is asked again, and what will be answered the same is not", async () => {
  w = await Workspace.create(CHOICE);
  await w.open();
  const first = await asked("best");
  await w.engine.answer(w.file, "best", null, { kind: "choose", index: 1 });
  await first.end;
  const same = { best: { kind: "choose", index: 1 } } as const;
  expect(await w.run({ answers: same })).toMatchObject({ ok: true, value: { executed: 0, reused: 3 } });
  const other = { best: { kind: "choose", index: 2 } } as const;
  const second = await asked("best", { answers: other });
  await w.engine.answer(w.file, "best", null, other.best);
  expect(await second.end).toMatchObject({ ok: true, value: { executed: 2, reused: 1 } });
  expect(w.output("use")).toBe("used c");
});

test("of items that ask, too, those are asked again that were answered otherwise", async () => {
  w = await Workspace.create(
    `import { ApproveNode, FnNode, Graph, gr } from "daggr";
const list = new FnNode(() => ["a", "b"], { outputs: { words: gr.JSON() } });
const approved = new ApproveNode({ inputs: { word: list.words.each } });
const used = new FnNode(({ words }: { words: string[] }) => words.join(), { inputs: { words: approved.word.all({ skipFailed: true }) } });
export default new Graph({ name: "approvals", nodes: [used] });
`,
  );
  await w.open();
  const answered = async (end: Promise<unknown>, answer: Answer): Promise<void> => {
    for (const item of [0, 1]) {
      await w.until(({ nodes: { approved } }) => {
        const { activity } = approved ?? {};
        return activity?.kind === "running" && activity.progress?.items?.asking === 2 - item;
      });
      await w.engine.answer(w.file, "approved", item, answer);
    }
    await end;
  };
  await answered(w.run(), { kind: "approve" });
  expect(w.output("used")).toBe("a,b");
  const approve = { approved: { kind: "approve" } } as const;
  expect(await w.run({ answers: approve })).toMatchObject({ ok: true, value: { executed: 0 } });
  const reject = { approved: { kind: "reject", reason: "no" } } as const;
  await answered(w.run({ answers: reject }), reject.approved);
  expect(w.node("approved").outcome).toMatchObject({ kind: "failed" });
});

test("another draft is another question; the first one's answer still holds for the first", async () => {
  w = await Workspace.create(APPROVAL);
  await w.open();
  const first = await asked("approved");
  await w.engine.answer(w.file, "approved", null, { kind: "approve" });
  await first.end;
  await w.engine.setInput(w.file, "draft.topic", "wasps");
  const second = await asked("approved");
  await w.engine.answer(w.file, "approved", null, { kind: "reject", reason: "too many stings" });
  expect(await second.end).toMatchObject({ ok: true, value: { status: "failed" } });
  const { outcome } = w.node("approved");
  expect(outcome).toMatchObject({
    kind: "failed",
    failure: { reason: "rejected", message: "`approved` was rejected: too many stings" },
  });
  expect(w.node("send").outcome).toMatchObject({ kind: "blocked", by: "approved" });
  await w.engine.setInput(w.file, "draft.topic", null);
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 0 } });
});

test("one of a list is chosen; what is no option is refused, and the question stays open", async () => {
  w = await Workspace.create(CHOICE);
  await w.open();
  const { end } = await asked("best");
  expect(await w.engine.answer(w.file, "best", null, { kind: "choose", index: 3 })).toMatchObject({
    ok: false,
    failure: { message: "`best` has options 1 to 3; there is no option 4." },
  });
  expect(await w.engine.answer(w.file, "best", null, { kind: "approve" })).toMatchObject({ ok: false });
  expect(await w.engine.answer(w.file, "list", null, { kind: "approve" })).toMatchObject({
    ok: false,
    failure: { reason: "not-found" },
  });
  await w.engine.answer(w.file, "best", null, { kind: "choose", index: 1 });
  expect(await end).toMatchObject({ ok: true, value: { status: "succeeded" } });
  expect(w.output("use")).toBe("used b");
  // Asked again, another one.
  const again = await asked("best", { scope: "only", targets: ["best"], reuse: "not-targets" });
  await w.engine.answer(w.file, "best", null, { kind: "choose", index: 0 });
  await again.end;
  expect(w.output("best", "chosen")).toBe("a");
});

test("stopped while it asks, nothing is recorded, and the question is closed", async () => {
  w = await Workspace.create(CHOICE);
  await w.open();
  const { end } = await asked("best");
  await w.engine.stop(w.file);
  expect(await end).toMatchObject({ ok: true, value: { status: "cancelled" } });
  expect(w.node("best")).toMatchObject({ activity: { kind: "idle" }, outcome: { kind: "cancelled" }, result: null });
  expect(await w.engine.answer(w.file, "best", null, { kind: "choose", index: 0 })).toMatchObject({ ok: false });
});

test("a list to choose from must be one, with something in it", async () => {
  w = await Workspace.create(CHOICE);
  await w.open();
  await w.engine.setInput(w.file, "list.text", "");
  await w.run();
  expect(w.node("best").outcome).toMatchObject({
    kind: "failed",
    failure: { message: "`best` is given an empty list: there is nothing to choose from." },
  });
  await w.save(CHOICE.replace('text.split(" ")', "({ text } as unknown as string[])"));
  await w.engine.setInput(w.file, "list.text", "x");
  await w.run();
  expect(w.node("best").outcome).toMatchObject({
    kind: "failed",
    failure: { message: "`best` is given something to choose from that is no list." },
  });
});

test("each item asks for itself", async () => {
  w = await Workspace.create(`import { ApproveNode, FnNode, Graph, gr } from "daggr";
const list = new FnNode(() => ["a", "b", "c"], { outputs: { words: gr.JSON() } });
const approved = new ApproveNode({ inputs: { word: list.words.each } });
const joined = new FnNode(({ words }: { words: string[] }) => words.join(" "), { inputs: { words: approved.word.all({ skipFailed: true }) } });
export default new Graph({ name: "each", nodes: [joined] });
`);
  await w.open();
  const end = w.run();
  await w.until(({ nodes }) => {
    const activity = nodes.approved?.activity;
    return activity?.kind === "running" && activity.progress?.items?.asking === 3;
  });
  const page = await w.engine.items(w.file, "approved", 1, 1);
  expect(page.ok && page.value.items).toMatchObject([
    { status: "running", question: { kind: "approve", inputs: { word: { value: "b" } } } },
  ]);
  await w.engine.answer(w.file, "approved", 2, { kind: "approve" });
  await w.engine.answer(w.file, "approved", 0, { kind: "approve" });
  const answers = async () => {
    const page = await w.engine.items(w.file, "approved", 0, 3);
    return page.ok && page.value.items.map(({ answer }) => answer?.kind);
  };
  await expect.poll(answers).toEqual(["approve", undefined, "approve"]);
  await w.engine.answer(w.file, "approved", 1, { kind: "reject", reason: "" });
  expect(await end).toMatchObject({ ok: true, value: { status: "failed" } });
  expect(w.output("joined")).toBe("a c");
  expect(await answers()).toEqual(["approve", undefined, "approve"]);
  // Only what was rejected is asked again.
  const again = w.run();
  await w.until(({ nodes }) => {
    const activity = nodes.approved?.activity;
    return activity?.kind === "running" && activity.progress?.items?.asking === 1;
  });
  await w.engine.answer(w.file, "approved", 1, { kind: "approve" });
  expect(await again).toMatchObject({ ok: true, value: { status: "succeeded" } });
  expect(w.output("joined")).toBe("a b c");
  expect(await answers()).toEqual(["approve", "approve", "approve"]);
});

test("what is answered to one node is no answer to another that is given the same, in this workflow or in another", async () => {
  const two = APPROVAL.replace(
    "const send",
    "const legal = new ApproveNode({ inputs: { draft: draft.text } });\nconst send",
  ).replace("[send, aside]", "[send, aside, legal]");
  w = await Workspace.create(two);
  await w.open();
  const first = await asked("approved", { scope: "to", targets: ["approved"] });
  await w.engine.answer(w.file, "approved", null, { kind: "approve" });
  await first.end;
  const second = await asked("legal", { scope: "to", targets: ["legal"] });
  await w.engine.answer(w.file, "legal", null, { kind: "approve" });
  expect(await second.end).toMatchObject({ ok: true, value: { status: "succeeded", executed: 1 } });
  expect(await w.run()).toMatchObject({ ok: true, value: { status: "succeeded", executed: 2, reused: 3 } });

  await w.engine.dispose();
  await w.write("flow.daggr.ts", APPROVAL.replace('name: "approval"', 'name: "another"'));
  await w.reopen();
  const elsewhere = await asked("approved");
  await w.engine.stop(w.file);
  await elsewhere.end;
});

test("what a person said last about the same thing counts", async () => {
  w = await Workspace.create(APPROVAL);
  await w.open();
  const first = await asked("approved");
  await w.engine.answer(w.file, "approved", null, { kind: "approve" });
  await first.end;

  const again = await asked("approved", { scope: "to", targets: ["approved"], reuse: "not-targets" });
  await w.engine.answer(w.file, "approved", null, { kind: "reject", reason: "too short" });
  expect(await again.end).toMatchObject({ value: { status: "failed" } });
  const rejected = async () => {
    expect(w.node("approved")).toMatchObject({
      outcome: { kind: "failed", failure: { reason: "rejected" } },
      result: { answer: { kind: "reject", reason: "too short" }, outputs: {} },
    });
    await w.until(({ nodes }) => nodes.send?.freshness.kind === "stale");
    expect(w.node("send").freshness).toEqual({ kind: "stale", reason: "`approved` was rejected" });
    expect(w.node("send").result).not.toBeNull();
    const alone = await w.run({ scope: "only", targets: ["send"] });
    expect(alone).toMatchObject({ ok: false, failure: { reason: "missing-upstream" } });
    expect(alone.ok ? "" : alone.failure.message).toContain("`approved`, which feeds its input `text`, was rejected");
  };
  await rejected();
  await w.reopen();
  await rejected();

  // Not taken for approved in any way of running; approved once more, everything is as it was.
  const plan = await w.engine.plan(w.file, { scope: "all", targets: [], reuse: "fresh" });
  expect(plan.ok && plan.value.steps.find(({ node }) => node === "approved")).toMatchObject({
    action: "run",
    reason: "was rejected",
  });
  const third = await asked("approved", { scope: "step", targets: ["send"] });
  await w.engine.answer(w.file, "approved", null, { kind: "approve" });
  expect(await third.end).toMatchObject({ value: { status: "succeeded", executed: 1 } });
  expect(w.node("send").freshness).toEqual({ kind: "fresh" });
  expect(await w.run()).toMatchObject({ value: { executed: 0, reused: 4 } });

  const last = await asked("approved", { scope: "to", targets: ["approved"], reuse: "not-targets" });
  await w.engine.answer(w.file, "approved", null, { kind: "reject", reason: "" });
  await last.end;
  expect(await w.engine.clearCache(w.file)).toMatchObject({ ok: true });
  expect(w.node("approved")).toMatchObject({ outcome: { kind: "never" }, result: null });
});

test("an item that was rejected is asked again, though it was approved before", async () => {
  w = await Workspace.create(
    `import { ApproveNode, FnNode, Graph, gr } from "daggr";
const list = new FnNode(() => ["a", "b"], { outputs: { words: gr.JSON() } });
const approved = new ApproveNode({ inputs: { word: list.words.each } });
const used = new FnNode(({ words }: { words: string[] }) => words.join(), { inputs: { words: approved.word.all({ skipFailed: true }) } });
export default new Graph({ name: "approvals", nodes: [used] });
`,
  );
  await w.open();
  const answerAll = async (answers: readonly Answer[], request: Parameters<Workspace["run"]>[0] = {}) => {
    const end = w.run(request);
    for (const [item, given] of answers.entries())
      await expect.poll(async () => (await w.engine.answer(w.file, "approved", item, given)).ok).toBe(true);
    return end;
  };
  await answerAll([{ kind: "approve" }, { kind: "approve" }]);
  expect(w.output("used")).toBe("a,b");
  await answerAll([{ kind: "approve" }, { kind: "reject", reason: "no" }], {
    scope: "downstream",
    targets: ["approved"],
    reuse: "never",
  });
  expect(w.output("used")).toBe("a");
  await w.reopen();
  const end = w.run();
  await expect.poll(async () => (await w.engine.answer(w.file, "approved", 1, { kind: "approve" })).ok).toBe(true);
  expect(await end).toMatchObject({ value: { status: "succeeded" } });
  expect(w.output("used")).toBe("a,b");
});
