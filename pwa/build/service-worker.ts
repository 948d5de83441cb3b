import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { build, type Plugin } from "vite";

/** Files that a phone needs before it can scan without a network; everything else is fetched when used. */
const SHELL = /^(index\.html|manifest\.webmanifest|icons\/.*\.(png|svg)|assets\/.*\.(js|css|wasm))$/;

/**
 * Writes `dist/service-worker.js`: our own file, the sender of the outbox for the background, with the list of files to precache and the name of the
 * build put in. The name is a hash over that list, so an unchanged build does not bother any phone.
 */
export function serviceWorker(
  source = "service-worker.js",
  background = "src/offline/background.ts",
): Plugin {
  let root = "";
  return {
    name: "serialtrail-service-worker",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const hash = createHash("sha256");
        const files = Object.keys(bundle).filter(name => SHELL.test(name));
        for (const name of await publicFiles(root)) files.push(name);
        files.sort();
        for (const name of files) {
          const made = bundle[name];
          hash.update(name);
          if (made === undefined) hash.update(await readFile(resolve(root, "public", name)));
          else hash.update(made.type === "chunk" ? made.code : made.source);
        }
        const text = `${await readFile(resolve(root, source), "utf8")}\n${await scriptOf(resolve(root, background))}`;
        hash.update(text);
        const urls = files.map(name => (name === "index.html" ? "/" : `/${name}`));
        this.emitFile({
          type: "asset",
          fileName: basename(source),
          source: text
            .replace('"__BUILD__"', JSON.stringify(hash.digest("hex").slice(0, 12)))
            .replace('"__PRECACHE__"', JSON.stringify(urls)),
        });
      },
    },
  };
}

/** A module with all that it imports as one plain script, for a worker that every browser can start. */
async function scriptOf(entry: string): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: "silent",
    publicDir: false,
    build: { write: false, target: "es2022", lib: { entry, formats: ["iife"], name: "background" } },
  });
  const [output] = [made].flat() as { output: { type: string; code?: string }[] }[];
  return output?.output.find(each => each.type === "chunk")?.code ?? "";
}

/** Names below `public/` that belong to the shell; Vite copies them without showing them to plugins. */
async function publicFiles(root: string): Promise<string[]> {
  const entries = await readdir(resolve(root, "public"), { recursive: true });
  return entries.map(name => name.replaceAll("\\", "/")).filter(name => SHELL.test(name));
}
