import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COMMANDS, CONTEXT_KEYS } from "../../../src/extension/commands/ids.js";

interface Manifest {
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when: string }[];
    readonly grammars: readonly { readonly path: string; readonly scopeName: string }[];
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly markdown: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

const root = new URL("../../../", import.meta.url);
const text = readFileSync(new URL("package.json", root), "utf8");
const { icon, contributes } = JSON.parse(text) as Manifest; // the fields are what this test is about
const known: ReadonlySet<string> = new Set(Object.values(COMMANDS));

describe("the manifest", () => {
  it("contributes exactly the commands that the code knows", () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...known].sort());
  });

  it("names only contributed commands in menus, keybindings and walkthroughs", () => {
    const steps = contributes.walkthroughs.flatMap(({ steps }) => steps);
    const named = [
      ...Object.values(contributes.menus).flatMap((entries) => entries.map(({ command }) => command)),
      ...contributes.keybindings.map(({ command }) => command),
      ...steps.flatMap(({ description }) => [...description.matchAll(/command:([\w.]+)/g)].map(([, id]) => id!)),
      ...steps.flatMap(({ completionEvents }) => completionEvents.map((event) => event.replace("onCommand:", ""))),
    ];
    expect(named.filter((command) => !known.has(command))).toEqual([]);
  });

  it("asks in when clauses only for context keys that the code sets", () => {
    const asked = new Set([...text.matchAll(/daggr\.(?:nothing|running|signed)\w*/g)].map(([key]) => key));
    expect([...asked].sort()).toEqual(Object.values(CONTEXT_KEYS).sort());
  });

  it("takes keys in workflow files only", () => {
    for (const { when } of contributes.keybindings) expect(when).toContain(String.raw`/\.daggr\.ts$/`);
  });

  it("has its keys from the start, so that none of them edits the file before it has been read", () => {
    for (const { key, when } of contributes.keybindings)
      expect(when, key).not.toMatch(/(?<!!)\b(?:daggr\.|isWorkspaceTrusted)/);
  });

  it("names files that exist", () => {
    const files = [
      icon,
      ...contributes.grammars.map(({ path }) => path),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
    ];
    expect(files.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  });
});
