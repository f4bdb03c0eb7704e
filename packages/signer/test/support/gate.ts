/** What others wait at until a test opens it. */
export interface Gate {
  readonly isOpen: Promise<void>;
  open(): void;
}

/** A gate that is closed. */
export function createGate(): Gate {
  let open = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open };
}
