import { open } from "../api";

const LINE_END = 10;

/** How much of a file has come: bytes, and rows where they can be counted. */
export interface Come {
  bytes: number;
  rows: number | null;
}

/**
 * Gets a file and tells how far it is. Rows are counted in CSV alone, since a workbook comes packed; a PDF is made
 * whole before its first byte is sent.
 */
export async function download(path: string, name: string, onCome: (come: Come) => void): Promise<void> {
  const response = await open(path);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const isCsv = path.includes(".csv");
  let bytes = 0;
  let ends = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    parts.push(next.value);
    bytes += next.value.length;
    if (isCsv) ends += next.value.reduce((count, byte) => count + Number(byte === LINE_END), 0);
    // The first line is the head.
    onCome({ bytes, rows: isCsv ? Math.max(0, ends - 1) : null });
  }
  save(new Blob(parts, { type: response.headers.get("Content-Type") ?? "" }), name);
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
