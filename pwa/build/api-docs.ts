import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";

const OURS = ["index.html", "init.js"];
const THEIRS = ["swagger-ui.css", "swagger-ui-bundle.js"];

/**
 * Copies the browsable API page to `dist/api-docs/`: Swagger UI's own files from its package, and our
 * page that starts it without inline script, as the Content-Security-Policy asks.
 */
export function apiDocs(folder = "api-docs"): Plugin {
  let root = "";
  return {
    name: "serialtrail-api-docs",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    async generateBundle() {
      const swagger = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
      const files = [
        ...OURS.map(name => ({ name, path: resolve(root, folder, name) })),
        ...THEIRS.map(name => ({ name, path: join(swagger, name) })),
      ];
      for (const { name, path } of files) {
        this.emitFile({ type: "asset", fileName: `${folder}/${name}`, source: await readFile(path) });
      }
    },
  };
}
