import { open } from "../api";

const LINE_END = 10;

/**
 * Gets a report as a file and tells how far it is: `onRows` hears how many of how many rows have come. Only
 * CSV comes row by row; the other files are made before the first byte is sent.
 */
export async function download(
  path: string,
  name: string,
  onRows: (rows: number, total: number) => void,
): Promise<void> {
  const response = await open(path);
  const total = Number(response.headers.get("X-Total-Rows") ?? 0);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let rows = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    parts.push(next.value);
    if (path.includes(".csv"))
      rows += next.value.reduce((count, byte) => count + Number(byte === LINE_END), 0);
    onRows(Math.min(rows, total), total);
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
