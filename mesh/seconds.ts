/** `1.5 s`, of milliseconds. */
export function inSeconds(millis: number): string {
  return `${(millis / 1000).toFixed(1)} s`;
}
