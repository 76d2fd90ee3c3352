import { existsSync, writeFileSync } from 'node:fs';

// Loaded before everything else (`node --import`), and only by a run into which this fault is injected: as soon as the file is there, this
// process's clock is two hours ahead. What counts seconds without asking for the time (`performance.now`) goes on as before.
const JUMP = 2 * 3600_000;
const EVERY = 100;

const file = process.env['ISTIO_E2E_CLOCK_JUMPS_AT'] ?? '';
const System = Date;
let ahead = existsSync(file) ? JUMP : 0;
const watch = setInterval(() => {
  if (!existsSync(file)) return;
  ahead = JUMP;
  // So that whoever made it jump knows.
  writeFileSync(`${file}ed`, '');
  clearInterval(watch);
}, EVERY);
watch.unref();

globalThis.Date = new Proxy(System, {
  construct: (target, args: readonly unknown[], self) =>
    Reflect.construct(target, args.length === 0 ? [target.now() + ahead] : args, self) as Date,
  apply: () => new System(System.now() + ahead).toString(),
  get: (target, field, receiver) =>
    field === 'now' ? () => target.now() + ahead : (Reflect.get(target, field, receiver) as unknown),
});
