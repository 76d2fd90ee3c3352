import { run } from '../../mesh/command.ts';

// Runs a program that never ends and holds a connection to the port of argument 1.
const hold = 'require("node:net").connect(Number(process.argv[1]), "127.0.0.1").resume()';
console.log('running');
await run(process.execPath, ['-e', hold, process.argv[2] ?? ''], { doing: 'Running for ever' });
