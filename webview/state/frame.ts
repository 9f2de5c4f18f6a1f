/** Calls back before the next frame, or after 100 ms where no frames are drawn (a hidden panel). */
export function beforeNextFrame(draw: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    draw();
  };
  requestAnimationFrame(once);
  setTimeout(once, 100);
}

export function reducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
