import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { command } from "../command.mjs";
import { root } from "../paths.mjs";
import { aptPackages } from "./aptPackages.mjs";
import { once } from "./once.mjs";

const requirements = join(root, "test", "servers", "requirements.txt");

/**
 * A real Gradio in a virtual environment.
 * @returns {Promise<string>} its `python`, absolute
 */
export async function gradio() {
  const folder = await once({
    name: "gradio",
    from: await readFile(requirements, "utf8"),
    about: "Gradio (about a minute, 300 MB)",
    install: async (target) => {
      await createEnvironment(target);
      const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q", "-r", requirements];
      const { ok, output } = await command(pythonIn(target), pip, { timeout: 10 * 60_000, output: "quiet" });
      if (!ok) throw new Error(`pip could not install Gradio:\n${output.trim().split("\n").slice(-15).join("\n")}`);
    },
  });
  return pythonIn(folder);
}

/** @param {string} folder */
function pythonIn(folder) {
  return process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
}

/** @param {string} target */
async function createEnvironment(target) {
  const candidates = process.platform === "win32" ? ["python"] : ["python3", "/usr/bin/python3"];
  const create = async () => {
    for (const python of candidates) {
      const version = await command(python, ["-c", "import sys; print(sys.version_info >= (3, 10))"], quiet);
      if (version.output.trim() !== "True") continue;
      const { ok } = await command(python, ["-m", "venv", target], quiet);
      if (ok) return true;
    }
    return false;
  };
  if (await create()) return;
  // Debian keeps ensurepip in a package of its own.
  await aptPackages(["python3", "python3-venv"], "running Gradio");
  if (!(await create())) throw new Error("Gradio needs Python 3.10 or later with its venv module.");
}

/** @type {{ timeout: number; output: "quiet" }} */
const quiet = { timeout: 120_000, output: "quiet" };
