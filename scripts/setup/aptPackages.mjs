import { existsSync } from "node:fs";
import { command } from "../command.mjs";

/**
 * Installs those Debian packages that are missing. As root directly, else through a `sudo` that asks no password.
 *
 * @param {readonly string[]} packages
 * @param {string} purpose ends the sentence "… are needed for"
 * @throws {Error} naming the packages, where they cannot be installed from here
 */
export async function aptPackages(packages, purpose) {
  const missing = await notInstalled(packages);
  if (missing.length === 0) return;

  const byHand = `${missing.join(", ")} are needed for ${purpose}. Install them and try again: sudo apt-get install ${missing.join(" ")}`;
  if (!existsSync("/usr/bin/apt-get"))
    throw new Error(byHand.replace("sudo apt-get install", "with this system's package manager,"));
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  console.log(`Installing ${missing.join(", ")} for ${purpose} …`);
  const steps = [
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", ...missing],
  ];
  for (const step of steps) {
    const [program = "", ...args] = [...asRoot, "env", "DEBIAN_FRONTEND=noninteractive", ...step];
    const { ok, output } = await command(program, args, { timeout: 10 * 60_000, output: "quiet" });
    // A stale mirror list may fail and the packages still install: only the last step decides.
    if (!ok && step[1] === "install") throw new Error(`${byHand}\n${output.trim().split("\n").slice(-5).join("\n")}`);
  }
}

/** @param {readonly string[]} packages */
async function notInstalled(packages) {
  const { code, output } = await command("dpkg-query", ["-W", "-f=${Package} ${db:Status-Status}\\n", ...packages], {
    timeout: 30_000,
    output: "quiet",
  });
  if (code === 127) return [...packages];
  const installed = new Set(
    output
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  return packages.filter((name) => !installed.has(name));
}
