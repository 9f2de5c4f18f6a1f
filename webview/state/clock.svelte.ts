/** The time, for elapsed seconds on cards. Ticks only while somebody asked for it. */
export class Clock {
  /** Milliseconds since the epoch. */
  now = $state(Date.now());

  /** Ticks until the returned function is called. */
  run(): () => void {
    this.now = Date.now();
    const timer = setInterval(() => (this.now = Date.now()), 1000);
    return () => clearInterval(timer);
  }
}
