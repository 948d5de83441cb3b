import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(js|css|html|svg|json|wasm|webmanifest)$/;
/** Below this a compressed copy saves no packet. */
const WORTH_IT = 1024;
/** Above this the slowest Brotli setting costs seconds for a few kilobytes. */
const LARGE = 1_200_000;

/** Puts `.br` and `.gz` copies beside the built files, so that the server never compresses while serving. */
export function precompress(): Plugin {
  let folder = "";
  return {
    name: "serialtrail-precompress",
    apply: "build",
    configResolved(config) {
      folder = join(config.root, config.build.outDir);
    },
    closeBundle: {
      order: "post",
      sequential: true,
      async handler() {
        const names = await readdir(folder, { recursive: true });
        await Promise.all(names.filter(name => TEXT.test(name)).map(name => compress(join(folder, name))));
      },
    },
  };
}

async function compress(file: string): Promise<void> {
  const content = await readFile(file);
  if (content.length < WORTH_IT) return;
  const quality = content.length > LARGE ? 9 : 11;
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
    promisify(gzip)(content, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
}
