import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root: here,
  // Chunks and assets are addressed relative to the module that asks, since a webview's origin is made up anew for every panel.
  base: "./",
  plugins: [svelte()],
  build: {
    outDir: fileURLToPath(new URL("../dist/webview", import.meta.url)),
    emptyOutDir: true,
    target: "es2023",
    sourcemap: true,
    cssCodeSplit: false,
    modulePreload: false,
    rolldownOptions: {
      input: {
        start: fileURLToPath(new URL("start.ts", import.meta.url)),
        canvas: fileURLToPath(new URL("main.ts", import.meta.url)),
      },
      output: {
        entryFileNames: "[name].js",
        // What the canvas shares with what it loads later is one file: the page asks for it beforehand, which it cannot do for
        // files that are many and have a hash in their name. What only `start` and `canvas` share stays in `start`.
        codeSplitting: { groups: [{ name: "shared", tags: ["$initial"], minShareCount: 3 }] },
        chunkFileNames: ({ name }) => (name === "shared" ? "shared.js" : "chunks/[name]-[hash].js"),
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css")) ? "canvas.css" : "assets/[name]-[hash][extname]",
      },
    },
  },
});
