/** How long to wait for what must happen, on a machine that is busy with other things. Milliseconds. */
export const PATIENCE = 120_000;
