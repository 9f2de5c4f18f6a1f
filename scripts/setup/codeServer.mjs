import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { command } from "../command.mjs";
import { aptPackages } from "./aptPackages.mjs";
import { once } from "./once.mjs";

/** VS Code 1.139.1 as a server. */
const version = "4.139.1";

/** Its native parts are compiled against the headers of exactly the Node that then runs it, so it brings its own. */
const nodeVersion = "24.21.0";

/**
 * @typedef {object} CodeServer
 * @property {string} node the Node to run it with
 * @property {string} entry the server for a person: several connections, extensions installed from packages
 * @property {string} serverMain VS Code's own server, which takes the payload of an integration suite
 */

/**
 * The real VS Code, in its server build.
 * @returns {Promise<CodeServer>}
 */
export async function codeServer() {
  const nodePackage = `node-${process.platform}-${process.arch}`;
  const folder = await once({
    name: "code-server",
    from: { version, nodeVersion },
    about: "VS Code's server build (about 3 minutes, 800 MB)",
    install: async (target) => {
      await nativeToolchain();
      await writeFile(join(target, "package.json"), '{ "private": true }\n');
      await npmInstall(target, [`${nodePackage}@${nodeVersion}`], {});
      const nodeHome = join(target, "node_modules", nodePackage);
      await npmInstall(target, [`code-server@${version}`], {
        PATH: `${join(nodeHome, "bin")}${delimiter}${process.env["PATH"] ?? ""}`,
        npm_config_nodedir: nodeHome,
      });
    },
  });
  const home = join(folder, "node_modules", "code-server");
  return {
    node: join(folder, "node_modules", nodePackage, "bin", "node"),
    entry: join(home, "out", "node", "entry.js"),
    serverMain: join(home, "lib", "vscode", "out", "server-main.js"),
  };
}

async function nativeToolchain() {
  if (process.platform !== "linux" || !existsSync("/usr/bin/dpkg-query")) return;
  const libraries = ["libkrb5-dev", "pkg-config", "libx11-dev", "libxkbfile-dev", "libsecret-1-dev"];
  await aptPackages([...libraries, "g++", "make", "python3"], "compiling VS Code's native parts");
}

/**
 * @param {string} folder
 * @param {readonly string[]} packages
 * @param {NodeJS.ProcessEnv} env
 */
async function npmInstall(folder, packages, env) {
  const { ok, output } = await command("npm", ["install", "--no-audit", "--no-fund", "--save-exact", ...packages], {
    cwd: folder,
    timeout: 20 * 60_000,
    output: "quiet",
    // Newer npm asks for consent before it runs install scripts; compiling is what this folder is for, down to nested packages.
    // An npm that runs this script hands its own user agent down, and code-server's installer reads from it which Node is at work.
    env: { ...env, npm_config_dangerously_allow_all_scripts: "true", npm_config_user_agent: undefined },
  });
  if (!ok)
    throw new Error(`npm install ${packages.join(" ")} failed:\n${output.trim().split("\n").slice(-30).join("\n")}`);
}
