// Starts a command of this project on any Node from 18 on: installs the dependencies when they are missing or old, and then
// hands over to the Node that package.json pins. Plain JavaScript, because nothing is installed yet when it runs.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const USAGE = 2;
const ENVIRONMENT = 3;
/** Folders with a lock file of their own: the harness, and the apps that have dependencies. */
const packages = ['', 'apps/nodebook'];

function install(folder) {
  const at = join(root, folder);
  const stamp = join(at, 'node_modules', '.istio-e2e-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(at, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log(`Installing the dependencies of ${folder === '' ? 'the harness' : folder} (npm ci) ...`);
  // Whatever the user's own settings leave out (NODE_ENV=production, omit=dev, ignore-scripts), nothing runs here without.
  const all = ['--include=dev', '--ignore-scripts=false'];
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...all], {
    cwd: at,
    stdio: 'inherit',
  });
  if (result.status !== 0) {
    console.error(
      `Installing the dependencies: npm ci failed in ${at} [DEPENDENCIES_MISSING]\n  what to do: check that the npm registry answers (\`npm ping\`), then run this again`,
    );
    process.exit(ENVIRONMENT);
  }
  writeFileSync(stamp, wanted);
}

/** The process that npm was started as: killed with -9 it cannot tell us, and nothing may go on working for a dead caller. */
function callers() {
  const pids = [process.ppid];
  try {
    const [, parent, grandparent] =
      /^\d+ \((.*)\) \S (\d+)/.exec(readFileSync(`/proc/${process.ppid}/stat`, 'utf8')) ?? [];
    if (/^(ba|da|z)?sh$/.test(parent)) pids.push(Number(grandparent));
  } catch {
    // Not Linux: the direct parent has to do.
  }
  return pids;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process, as that of sudo, is alive and must not be signalled.
    return error.code === 'EPERM';
  }
}

const [command, ...args] = process.argv.slice(2);
if (!existsSync(join(root, 'scripts', `${command}.ts`))) {
  console.error(
    `Starting ${command}: there is no such command [UNKNOWN_COMMAND]\n  what to do: \`npm run\` lists them`,
  );
  process.exit(USAGE);
}

for (const folder of packages) install(folder);

const node = join(root, 'node_modules', '.bin', 'node');
const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, 'scripts', `${command}.ts`), ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH}`,
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
  },
});
const watched = callers();
const watch = setInterval(() => {
  if (!watched.every(isAlive)) child.kill('SIGTERM');
}, 500);
// Ctrl-C reaches the child by itself; what it needs is that we wait until it has cleaned up.
for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => {
  clearInterval(watch);
  process.exit(code ?? ENVIRONMENT);
});
child.on('error', (error) => {
  console.error(
    `Starting ${command}: ${error.message} [NODE_MISSING]\n  what to do: remove node_modules and run this again`,
  );
  process.exit(ENVIRONMENT);
});
