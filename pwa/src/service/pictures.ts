/** What the server keeps at most; more would only cost the technician's data plan. */
const MOST_SIDE = 2048;
const QUALITY = 0.85;

/** A photo as it is sent: upright, small enough, and without what the camera noted in its file. */
export async function shrink(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, MOST_SIDE / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return asBlob(canvas, "image/jpeg");
}

export function asBlob(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      blob => (blob ? resolve(blob) : reject(new Error("The picture cannot be made."))),
      type,
      QUALITY,
    );
  });
}
