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
        // The page asks for Svelte beforehand, and so has to know its name.
        chunkFileNames: ({ moduleIds }) =>
          moduleIds.some((id) => id.endsWith("/svelte/src/internal/client/runtime.js"))
            ? "svelte.js"
            : "chunks/[name]-[hash].js",
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css")) ? "canvas.css" : "assets/[name]-[hash][extname]",
      },
    },
  },
});
