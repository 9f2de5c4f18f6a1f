import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { aptPackages } from "./aptPackages.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/**
 * A Chromium to drive: `CHROME_PATH`, else one on PATH, else Debian's package.
 * @returns {Promise<string>} absolute path
 */
export async function chromium() {
  const given = process.env["CHROME_PATH"];
  if (given !== undefined && given !== "") {
    if (!existsSync(given)) throw new Error(`CHROME_PATH says ${given}, but there is no such file.`);
    return given;
  }
  const found = onPath();
  if (found !== undefined && process.platform !== "linux") return found;
  if (existsSync("/usr/bin/dpkg-query")) {
    // Without fonts of their own, bare machines draw boxes for text, marks and emoji.
    const fonts = ["fonts-dejavu-core", "fonts-noto-color-emoji", "fonts-symbola"];
    await aptPackages(found === undefined ? ["chromium", ...fonts] : fonts, "the tests in a browser");
  }
  const browser = found ?? onPath();
  if (browser === undefined)
    throw new Error("No Chromium found. Install Chromium or Chrome, or set CHROME_PATH to one.");
  return browser;
}

/** Chromium's own address bar: every new window loads some 400 modules for it, a second's work beside the page that is tested. */
const addressBar = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"];

/** What Playwright switches off and would be on again, for Chromium heeds only the last such list. */
const switchedOff = [
  "AimEnabled",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsFirstBalancedModeAutoEnable",
  "HttpsUpgrades",
  "LensOverlay",
  "MediaRouter",
  "NetworkTimeServiceQuerying",
  "OptimizationHints",
  "PaintHolding",
  "PreconnectToSearch",
  "ThirdPartyStoragePartitioning",
];

/** Keeps Chromium to itself: no sandbox (containers), no graphics card, no calls home, no surface but the page. */
export const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  `--disable-features=${[...switchedOff, ...addressBar].join(",")}`,
];

function onPath() {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
