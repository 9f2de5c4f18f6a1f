import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Questions } from "../../../src/scheduler/questions.js";
import { BlobStore, StoreError } from "../../../src/store/blobs.js";
import { storeValue } from "../../../src/store/storedValue.js";
import { other } from "./plannerWorkflow.js";

let blobs: BlobStore;
let questions: Questions;
beforeEach(() => {
  blobs = new BlobStore(mkdtempSync(join(tmpdir(), "questions-test-")));
  questions = new Questions(blobs);
});
afterEach(() => rmSync(blobs.folder, { recursive: true }));

const node = other("best", "choose-one", { kind: "choose-one" });
const { signal } = new AbortController();

test("what was chosen and cannot be kept is a failure that says so", async () => {
  const options = await storeValue(["a", "b".repeat(5000)], blobs);
  const asked = Promise.withResolvers<undefined>();
  const end = questions.ask(node, null, { options }, signal, () => asked.resolve(undefined));
  await asked.promise;
  blobs.putPieces = () => Promise.reject(new StoreError({ reason: "store", message: "The disk is full." }));
  expect(questions.answer("best", null, { kind: "choose", index: 1 })).toMatchObject({ ok: true });
  expect(await end).toEqual({
    status: "failed",
    failure: { reason: "store", message: "The disk is full." },
    drawn: {},
  });
  expect(questions.answer("best", null, { kind: "choose", index: 1 })).toMatchObject({ ok: false });
});

test("a question that cannot be told is a failure, and is not open", async () => {
  const options = await storeValue(["a"], blobs);
  const end = await questions.ask(node, 0, { options }, signal, () => {
    throw new Error("nobody there");
  });
  expect(end).toMatchObject({ status: "failed", failure: { reason: "internal" } });
  expect(questions.answer("best", 0, { kind: "choose", index: 0 })).toMatchObject({ ok: false });
});
