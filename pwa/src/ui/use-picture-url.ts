import { useEffect, useState } from "preact/hooks";

/** An address under which a picture can be shown, as long as the component shows. */
export function usePictureUrl(picture: Blob | null): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!picture) return setAddress(undefined);
    const made = URL.createObjectURL(picture);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [picture]);
  return address;
}
