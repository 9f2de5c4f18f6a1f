import { describe, expect, it } from "vitest";
import { terminalText } from "../../../webview/text/terminalText.js";

describe("a program's output", () => {
  it.each([
    ["\u001b[31mred\u001b[0m and \u001b[1;38;5;12mbold\u001b[22m", "red and bold"],
    ["\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007", "link"],
    ["\u001b]0;title\u001b\\text", "text"],
    ["\u001b[2K\u001b[1Gdone\u001b[?25h", "done"],
    ["one\r\ntwo", "one\ntwo"],
    ["10 %\r50 %\r100 %\nnext", "100 %\nnext"],
    ["saved\r", "saved"],
    ["a [31m that is text", "a [31m that is text"],
    ["a bell \u0007", "a bell \\x07"],
  ])("%j reads %j", (given, shown) => expect(terminalText(given)).toBe(shown));
});
