import { useRef } from "preact/hooks";
import { t } from "../i18n/t";
import { asBlob } from "./pictures";

interface Props {
  /** Gets the signature after each stroke; null when it is wiped away. */
  onChange: (signature: Blob | null) => void;
}

const WIDTH = 600;
const HEIGHT = 240;

/** Where the customer signs with a finger or pen. Dark ink on white in every theme: it is a document. */
export function SignaturePad({ onChange }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | null>(null);

  const at = (event: PointerEvent) => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return {
      x: ((event.clientX - box.left) / box.width) * WIDTH,
      y: ((event.clientY - box.top) / box.height) * HEIGHT,
    };
  };
  const start = (event: PointerEvent) => {
    event.preventDefault();
    canvas.current?.setPointerCapture(event.pointerId);
    last.current = at(event);
  };
  const draw = (event: PointerEvent) => {
    const context = canvas.current?.getContext("2d");
    if (!last.current || !context) return;
    const to = at(event);
    context.lineWidth = 4;
    context.lineCap = "round";
    context.strokeStyle = "#101828";
    context.beginPath();
    context.moveTo(last.current.x, last.current.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    last.current = to;
  };
  const end = async () => {
    if (!last.current || !canvas.current) return;
    last.current = null;
    onChange(await asBlob(canvas.current, "image/png"));
  };
  const clear = () => {
    canvas.current?.getContext("2d")?.clearRect(0, 0, WIDTH, HEIGHT);
    onChange(null);
  };
  return (
    <div class="signature">
      <canvas
        ref={canvas}
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={t("signature_pad")}
        onPointerDown={start}
        onPointerMove={draw}
        onPointerUp={() => void end()}
        onPointerCancel={() => void end()}
      />
      <p class="signature-foot">
        <small>{t("signature_hint")}</small>
        <button type="button" class="button" onClick={clear}>
          {t("clear_signature")}
        </button>
      </p>
    </div>
  );
}
