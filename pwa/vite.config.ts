import { defineConfig } from "vitest/config";
import { apiDocs } from "./build/api-docs.ts";
import { precompress } from "./build/precompress.ts";
import { serviceWorker } from "./build/service-worker.ts";

/** Where the back end listens while `npm run dev` serves the screens. */
const backend = process.env.SERIALTRAIL_BACKEND ?? "http://127.0.0.1:8000";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    // A data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What the first screen needs comes in one file; by itself the bundler cuts it along what the late
        // screens share with it, into a file for each.
        codeSplitting: {
          // The first load names every file that may come later, and a phone asks for six at once: few files.
          groups: [
            { name: "app", tags: ["$initial"], priority: 5 },
            // The links to stock, which a board has, too, and it alone of all this.
            { name: "stock-links", test: /\/src\/stock\/filters\.ts$/, priority: 4 },
            // What goes on beside the screens, and what they keep for the time without a network.
            { name: "offline", test: /\/src\/offline\//, priority: 4 },
            // Small parts that many screens have, a unit's card among them.
            {
              name: "parts",
              minShareCount: 2,
              test: /\/src\/(ui\/|stock\/ReasonDialog|labels\/LabelsLink|reports\/EpcisLink)/,
              priority: 3,
            },
            // A unit's card is opened from a scan and from a link.
            { name: "unit", test: /\/src\/screens\/Unit\.tsx$/, priority: 2 },
            { name: "shared", minShareCount: 3, test: /\/src\/(?!charts\/|live).*\.tsx?$/, priority: 1 },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
  plugins: [serviceWorker(), apiDocs(), precompress()],
  server: {
    proxy: {
      "/api": backend,
      "/socket.io": { target: backend, ws: true },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    // Timings never decide a test: the machine may be busy.
    testTimeout: 60_000,
  },
});
