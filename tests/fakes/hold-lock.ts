import { setTimeout as pause } from 'node:timers/promises';
import { Lock } from '../../mesh/lock.ts';

// Holds the lock at argument 1 for the milliseconds of argument 2.
const [path = '', millis = ''] = process.argv.slice(2);
using lock = Lock.take(path) as Lock;
console.log(lock instanceof Lock ? 'held' : 'refused');
await pause(Number(millis));
