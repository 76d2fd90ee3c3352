import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { ask, isOnPath, run } from '../command.ts';
import { HarnessError } from '../errors.ts';
import { distributions, install as aptInstall, isHalfInstalled, mayInstall } from '../machine/apt.ts';
import { Lock } from '../lock.ts';
import { cachePath } from '../paths.ts';
import type { Say } from '../say.ts';
import { converge } from '../waiting/converge.ts';
import { lockInTime } from '../waiting/lock-in-time.ts';
import { hasSysResource } from './capabilities.ts';
import { type Engine, reachEngine } from './engine.ts';
import { mendRuntime, REDUCED_RUNTIME, writeRuntime } from './reduced-runtime.ts';

/** Docker 23 asks only for the capabilities that the bounding set has. */
const FIRST_WITH_REDUCED_PRIVILEGES = 23;
const START_LIMIT = 60_000;
/** Milliseconds that another one may install and start it. */
const INSTALL_LIMIT = 600_000;

const pidFile = cachePath('engine', 'dockerd.pid');
const logFile = cachePath('engine', 'dockerd.log');
const lockFile = cachePath('locks', 'engine.lock');

/**
 * Returns the engine that is reachable, else starts the one that is installed, else installs and starts one (Debian and
 * Ubuntu, as root), and says each step.
 *
 * @throws HarnessError ENGINE_MISSING with the commands to type where it may not do that
 */
export async function ensureEngine(say: Say): Promise<Engine> {
  const running = await reachEngine();
  if (running !== undefined) {
    await mendRuntime(running, say);
    return checked(running);
  }
  // An engine that DOCKER_HOST names is somewhere else, or somebody else's to start.
  const elsewhere = process.env['DOCKER_HOST'] !== undefined;
  if (elsewhere || process.platform !== 'linux' || process.getuid?.() !== 0) throw cannotStart();
  // Of two that begin at once on a fresh machine one does it, and the other finds it done.
  using _ = await lockInTime(() => Lock.take(lockFile), { within: INSTALL_LIMIT, every: 250 }, busy);
  const begun = await reachEngine();
  if (begun !== undefined) return await checked(begun);
  await ensureInstalled(say);
  await start(say);
  const engine = await reachEngine();
  if (engine === undefined) throw cannotStart();
  return await checked(engine);
}

/**
 * Stops the engine if the harness started it and nothing runs in it any more. Returns what became of it, in words; undefined where it
 * is not the harness's.
 */
export async function stopOwnEngine(): Promise<'stopped' | 'in use' | undefined> {
  const pid = await ownEngine();
  if (pid === undefined) return undefined;
  if ((await ask('docker', ['ps', '-q'])) !== '') return 'in use';
  process.kill(pid, 'SIGTERM');
  const { held, millis } = await converge(ownEngine, (found) => found === undefined, { every: 100, within: 30_000 });
  if (!held) throw stays(pid, millis);
  await rm(pidFile, { force: true });
  return 'stopped';
}

async function ownEngine(): Promise<number | undefined> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (pid === 0) return undefined;
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return name.trim() === 'dockerd' ? pid : undefined;
}

async function ensureInstalled(say: Say): Promise<void> {
  const missing = !isOnPath('dockerd') || (await isHalfInstalled('docker.io'));
  if (!missing && isOnPath('docker')) return;
  const known = (await distributions()).some((one) => one === 'debian' || one === 'ubuntu');
  if (!known || !mayInstall()) throw cannotStart();
  const next = 'install Docker by hand, then run this again';
  if (missing) {
    say.note('no Docker engine here: installing the package docker.io');
    await aptInstall(['docker.io', 'iptables', 'jq'], 'Installing the Docker engine', next);
  }
  if (isOnPath('docker')) return;
  // From Debian 13 on a package of its own, which the engine's only recommends.
  say.note('no docker command here: installing the package docker-cli');
  await aptInstall(['docker-cli'], 'Installing the docker command', next);
}

async function start(say: Say): Promise<void> {
  await mkdir(cachePath('engine'), { recursive: true });
  const reduced = await reducedArguments(say);
  // systemd's unit would start it without the arguments that it needs here.
  if (reduced.length === 0 && (await isSystemd())) {
    say.note('starting the Docker engine with systemd');
    await run('systemctl', ['start', 'docker'], {
      doing: 'Starting the Docker engine',
      next: 'read `journalctl -u docker`',
    });
  } else if ((await ownEngine()) === undefined) {
    await startDetached(reduced, say);
  } else say.note('the Docker engine that the harness started does not answer yet: waiting for it');
  const { held, millis } = await converge(reachEngine, (engine) => engine !== undefined, {
    streak: 1,
    every: 250,
    within: START_LIMIT,
  });
  if (held) return;
  throw new HarnessError({
    code: 'ENGINE_NOT_STARTED',
    blame: 'environment',
    doing: 'Starting the Docker engine',
    seen: `it does not answer; its last words:\n${await lastWords()}`,
    afterMillis: millis,
    next: `read ${logFile}, or start an engine by hand and run this again`,
  });
}

async function startDetached(args: readonly string[], say: Say): Promise<void> {
  await removeStalePidFiles();
  say.note('starting the Docker engine (no init system here: it stays in the background)');
  await using log = await open(logFile, 'w');
  const child = spawn('dockerd', args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
  child.unref();
  await writeFile(pidFile, String(child.pid));
}

async function reducedArguments(say: Say): Promise<string[]> {
  if ((await hasSysResource()) || (await installedMajor()) >= FIRST_WITH_REDUCED_PRIVILEGES) return [];
  if (!isOnPath('jq')) await aptInstall(['jq'], 'Installing jq for the reduced runtime');
  say.note(
    'CAP_SYS_RESOURCE is missing here and this Docker asks for it: containers run by a runtime that leaves it out',
  );
  const runtime = cachePath('engine', 'reduced-runtime.sh');
  await writeRuntime(runtime);
  return ['--add-runtime', `${REDUCED_RUNTIME}=${runtime}`, '--default-runtime', REDUCED_RUNTIME];
}

async function installedMajor(): Promise<number> {
  const printed = await ask('dockerd', ['--version']);
  return Number(/version (\d+)/.exec(printed ?? '')?.[1] ?? 0);
}

/** After a crash or a reboot the number in such a file may belong to somebody else, and dockerd would refuse to start. */
async function removeStalePidFiles(): Promise<void> {
  const files = { dockerd: '/var/run/docker.pid', containerd: '/var/run/docker/containerd/containerd.pid' };
  for (const [program, path] of Object.entries(files)) {
    const pid = (await readFile(path, 'utf8').catch(() => '')).trim();
    const name = await readFile(`/proc/${pid === '' ? 'none' : pid}/comm`, 'utf8').catch(() => '');
    if (name.trim() !== program) await rm(path, { force: true });
  }
}

async function isSystemd(): Promise<boolean> {
  return (await readFile('/proc/1/comm', 'utf8')).trim() === 'systemd';
}

async function lastWords(): Promise<string> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return log
    .trimEnd()
    .split('\n')
    .slice(-10)
    .map((line) => `    ${line}`)
    .join('\n');
}

async function checked(engine: Engine): Promise<Engine> {
  const major = Number(engine.version.split('.')[0]);
  if ((await hasSysResource()) || major >= FIRST_WITH_REDUCED_PRIVILEGES || engine.defaultRuntime !== 'runc')
    return engine;
  throw new HarnessError({
    code: 'ENGINE_CANNOT_PRIVILEGE',
    blame: 'environment',
    doing: 'Checking the Docker engine',
    expected: 'Docker 23 or later, or a default runtime that leaves CAP_SYS_RESOURCE out',
    seen: `Docker ${engine.version} with runc, on a machine whose bounding set lacks CAP_SYS_RESOURCE: it cannot run kind's privileged node`,
    next: 'stop this engine and run the command again: the harness then starts it with a runtime that works here',
  });
}

function stays(pid: number, afterMillis: number): HarnessError {
  return new HarnessError({
    code: 'ENGINE_STAYS',
    blame: 'environment',
    doing: 'Stopping the Docker engine that the harness had started',
    seen: `process ${pid} is still there`,
    afterMillis,
    next: `read ${logFile}`,
  });
}

function busy(heldBy: string, afterMillis: number): HarnessError {
  return new HarnessError({
    code: 'ENGINE_BUSY',
    blame: 'environment',
    doing: 'Waiting for the Docker engine that another command installs or starts',
    seen: `it is still at it (${heldBy})`,
    afterMillis,
    next: 'see what that command waits for, or stop it',
  });
}

function cannotStart(): HarnessError {
  return new HarnessError({
    code: 'ENGINE_MISSING',
    blame: 'environment',
    doing: 'Looking for a Docker engine',
    expected: 'an engine that `docker info` reaches',
    seen: isOnPath('docker') ? 'a docker command, but no engine that answers it' : 'no docker command',
    next: [
      'on Debian or Ubuntu: `sudo apt-get install docker.io && sudo systemctl start docker && sudo usermod -aG docker $USER` (then log in anew),',
      'elsewhere install Docker Desktop or Docker Engine; or set DOCKER_HOST to an engine that runs',
    ].join('\n    '),
  });
}
